/** Places that rules cite. Versions are those whose behaviour was read and run. */
export const sources = {
  bondingRst: "Linux, Documentation/networking/bonding.rst",
  bondOptions: "Linux 6.1, drivers/net/bonding/bond_options.c",
  bondMain: "Linux 6.1, drivers/net/bonding/bond_main.c",
  bridge: "Linux 6.1, net/bridge/br.c",
  ifenslave: "ifenslave 2.13, /etc/network/if-pre-up.d/ifenslave",
  ifenslaveReadme: "ifenslave 2.13, README.Debian",
  ifupdown: "ifupdown 0.8.41, interfaces(5) and ifup(8)",
  bonding61: "measured on Linux 6.1 with the bonding driver and virtual Ethernet",
  wifi61: "measured on Linux 6.1 with mac80211_hwsim, hostapd and wpa_supplicant 2.10",
} as const;
