import { activeSlaveNotSticky } from "./active-slave-not-sticky.ts";
import { addressNotInForce } from "./address-not-in-force.ts";
import { addressOnPort } from "./address-on-port.ts";
import { allSlavesActiveDuplicates } from "./all-slaves-active-duplicates.ts";
import { arpIntervalTooShort } from "./arp-interval-too-short.ts";
import { arpIntervalWithoutTarget } from "./arp-interval-without-target.ts";
import { arpSingleTarget } from "./arp-single-target.ts";
import { arpTargetUnreachable } from "./arp-target-unreachable.ts";
import { arpTargetsWithCommas } from "./arp-targets-with-commas.ts";
import { arpWithoutValidate } from "./arp-without-validate.ts";
import { bondMacByJoiningOrder } from "./bond-mac-by-joining-order.ts";
import { bondMacGenerated } from "./bond-mac-generated.ts";
import { bondNotRunning } from "./bond-not-running.ts";
import { bondOptionsWithoutEffect } from "./bond-options-without-effect.ts";
import { bondPortsByCommand } from "./bond-ports-by-command.ts";
import { bondSlavesAll } from "./bond-slaves-all.ts";
import { bondWithoutAddress } from "./bond-without-address.ts";
import { bridgePortsNeedBridgeUtils } from "./bridge-ports-need-bridge-utils.ts";
import { bridgedGuestsStaleSwitchTables } from "./bridged-guests-stale-switch-tables.ts";
import { carrierAlwaysOn } from "./carrier-always-on.ts";
import { clientIgnoresMacChange } from "./client-ignores-mac-change.ts";
import { cloudInitOwnsNetplan } from "./cloud-init-owns-netplan.ts";
import { debian11BondingRegression } from "./debian11-bonding-regression.ts";
import { defaultRouteTwice } from "./default-route-twice.ts";
import { delayRounding } from "./delay-rounding.ts";
import { dhcpAddressFollowsMac } from "./dhcp-address-follows-mac.ts";
import { dhcpcdAndBond } from "./dhcpcd-and-bond.ts";
import { downdelayBlackHole } from "./downdelay-black-hole.ts";
import { enslaveReelectsActive } from "./enslave-reelects-active.ts";
import { existingBondUnchanged } from "./existing-bond-unchanged.ts";
import { failOverMacTooLate } from "./fail-over-mac-too-late.ts";
import { failbackIntoStp } from "./failback-into-stp.ts";
import { flappingPreferredLink } from "./flapping-preferred-link.ts";
import { fomActiveUnderBridge } from "./fom-active-under-bridge.ts";
import { fomFollowWithWifi } from "./fom-follow-with-wifi.ts";
import { ifcfgOnNetworkmanagerEra } from "./ifcfg-on-networkmanager-era.ts";
import { ifdownIfupBondLosesPorts } from "./ifdown-ifup-bond-loses-ports.ts";
import { ifenslaveBondMasterOnItself } from "./ifenslave-bond-master-on-itself.ts";
import { ifenslaveDualstackOptionsTwice } from "./ifenslave-dualstack-options-twice.ts";
import { ifenslaveMakesNoBond } from "./ifenslave-makes-no-bond.ts";
import { ifenslaveOptionNeverWorks } from "./ifenslave-option-never-works.ts";
import { ifenslaveOptionRefused } from "./ifenslave-option-refused.ts";
import { ifenslaveOptionsOnlyOnPorts } from "./ifenslave-options-only-on-ports.ts";
import { ifenslavePortWithoutMasterStanza } from "./ifenslave-port-without-master-stanza.ts";
import { ifenslaveUnknownOptionIgnored } from "./ifenslave-unknown-option-ignored.ts";
import { ifupdownBootBlocked } from "./ifupdown-boot-blocked.ts";
import { ifupdown2PortMtuStays } from "./ifupdown2-port-mtu-stays.ts";
import { ifupdown2StopsAtMissingPort } from "./ifupdown2-stops-at-missing-port.ts";
import { igmpOneReport } from "./igmp-one-report.ts";
import { initramfsLeavesPortUp } from "./initramfs-leaves-port-up.ts";
import { interfaceNeverStarted } from "./interface-never-started.ts";
import { interfaceRenamed } from "./interface-renamed.ts";
import { intervalUnitConfusion } from "./interval-unit-confusion.ts";
import { iproute2NameAbbreviation } from "./iproute2-name-abbreviation.ts";
import { ipv6RouterNotResolicited } from "./ipv6-router-not-resolicited.ts";
import { macLostWithFomActive } from "./mac-lost-with-fom-active.ts";
import { managersFight } from "./managers-fight.ts";
import { matchByCurrentMac } from "./match-by-current-mac.ts";
import { membershipNotInForce } from "./membership-not-in-force.ts";
import { miimonAndArpBoth } from "./miimon-and-arp-both.ts";
import { miimonSlow } from "./miimon-slow.ts";
import { modeNotSet } from "./mode-not-set.ts";
import { modulePrecreatesBond0 } from "./module-precreates-bond0.ts";
import { mtuDriftOnPort } from "./mtu-drift-on-port.ts";
import { mtuLimitOfPort } from "./mtu-limit-of-port.ts";
import { mtuNotInForce } from "./mtu-not-in-force.ts";
import { namespaceMismatch } from "./namespace-mismatch.ts";
import { netlinkMasterStealsPort } from "./netlink-master-steals-port.ts";
import { netplanApplyKeepsRemovedBond } from "./netplan-apply-keeps-removed-bond.ts";
import { netplanApplyStopsWifi } from "./netplan-apply-stops-wifi.ts";
import { netplanSetNameOnMember } from "./netplan-set-name-on-member.ts";
import { networkdRadioBeforeBond } from "./networkd-radio-before-bond.ts";
import { nfsRootFreeze } from "./nfs-root-freeze.ts";
import { nmBondUpWithoutPorts } from "./nm-bond-up-without-ports.ts";
import { nmConnectedWithoutCarrier } from "./nm-connected-without-carrier.ts";
import { nmPortStaysOut } from "./nm-port-stays-out.ts";
import { noLinkMonitor } from "./no-link-monitor.ts";
import { noPrimaryNoFailback } from "./no-primary-no-failback.ts";
import { numGratArpZero } from "./num-grat-arp-zero.ts";
import { optionNotInKernel } from "./option-not-in-kernel.ts";
import { optionsRepeated } from "./options-repeated.ts";
import { piOsGuideForWrongStack } from "./pi-os-guide-for-wrong-stack.ts";
import { portCannotChangeMac } from "./port-cannot-change-mac.ts";
import { portClaimedTwice } from "./port-claimed-twice.ts";
import { portHasMacvlan } from "./port-has-macvlan.ts";
import { portMacChangedLater } from "./port-mac-changed-later.ts";
import { portNotInBond } from "./port-not-in-bond.ts";
import { portPerhapsMisspelt } from "./port-perhaps-misspelt.ts";
import { portUndeclared } from "./port-undeclared.ts";
import { primaryInWrongMode } from "./primary-in-wrong-mode.ts";
import { primaryNotSetWhereItCounts } from "./primary-not-set-where-it-counts.ts";
import { primaryReselectBetterWithWifi } from "./primary-reselect-better-with-wifi.ts";
import { randomMacOnPort } from "./random-mac-on-port.ts";
import { releasedFirstPortDuplicatesMac } from "./released-first-port-duplicates-mac.ts";
import { rfkillBlocksPort } from "./rfkill-blocks-port.ts";
import { routeNotInForce } from "./route-not-in-force.ts";
import type { Rule } from "./rule.ts";
import { secretWorldReadable } from "./secret-world-readable.ts";
import { servicesBoundToPortName } from "./services-bound-to-port-name.ts";
import { sharedFailureDomain } from "./shared-failure-domain.ts";
import { singlePortBond } from "./single-port-bond.ts";
import { staleWifiWorkarounds } from "./stale-wifi-workarounds.ts";
import { staticWithoutAddress } from "./static-without-address.ts";
import { suppressionWithoutReason } from "./suppression-without-reason.ts";
import { twoRoutersAddressDoesNotFollow } from "./two-routers-address-does-not-follow.ts";
import { twoRoutersSameIpStaleNeighbour } from "./two-routers-same-ip-stale-neighbour.ts";
import { twoSupplicants } from "./two-supplicants.ts";
import { udevNameClashByEqualMac } from "./udev-name-clash-by-equal-mac.ts";
import { updelayWithoutMiimon } from "./updelay-without-miimon.ts";
import { upstreamFailureInvisible } from "./upstream-failure-invisible.ts";
import { usbPortNotReEnslaved } from "./usb-port-not-re-enslaved.ts";
import { virtualFunctionKeepsMac } from "./virtual-function-keeps-mac.ts";
import { vlanBesideBridge } from "./vlan-beside-bridge.ts";
import { vlanOnPort } from "./vlan-on-port.ts";
import { waitOnlineHang } from "./wait-online-hang.ts";
import { wifiBreaksBridgedGuests } from "./wifi-breaks-bridged-guests.ts";
import { wifiPortNeverAssociates } from "./wifi-port-never-associates.ts";
import { wifiPowerSaveLatency } from "./wifi-power-save-latency.ts";
import { wifiSameMacHairpin } from "./wifi-same-mac-hairpin.ts";
import { wifiUpBeforeAuthenticated } from "./wifi-up-before-authenticated.ts";
import { wpaLineIgnored } from "./wpa-line-ignored.ts";

const aboutConfigurations: readonly Rule[] = [
  activeSlaveNotSticky,
  addressNotInForce,
  addressOnPort,
  allSlavesActiveDuplicates,
  arpIntervalTooShort,
  arpIntervalWithoutTarget,
  arpSingleTarget,
  arpTargetsWithCommas,
  arpTargetUnreachable,
  arpWithoutValidate,
  bondMacByJoiningOrder,
  bondMacGenerated,
  bondNotRunning,
  bondOptionsWithoutEffect,
  bondPortsByCommand,
  bondSlavesAll,
  bondWithoutAddress,
  bridgedGuestsStaleSwitchTables,
  bridgePortsNeedBridgeUtils,
  carrierAlwaysOn,
  clientIgnoresMacChange,
  cloudInitOwnsNetplan,
  debian11BondingRegression,
  defaultRouteTwice,
  delayRounding,
  dhcpAddressFollowsMac,
  dhcpcdAndBond,
  downdelayBlackHole,
  enslaveReelectsActive,
  existingBondUnchanged,
  failbackIntoStp,
  failOverMacTooLate,
  flappingPreferredLink,
  fomActiveUnderBridge,
  fomFollowWithWifi,
  ifcfgOnNetworkmanagerEra,
  ifdownIfupBondLosesPorts,
  ifenslaveBondMasterOnItself,
  ifenslaveDualstackOptionsTwice,
  ifenslaveMakesNoBond,
  ifenslaveOptionNeverWorks,
  ifenslaveOptionRefused,
  ifenslaveOptionsOnlyOnPorts,
  ifenslavePortWithoutMasterStanza,
  ifenslaveUnknownOptionIgnored,
  ifupdown2PortMtuStays,
  ifupdown2StopsAtMissingPort,
  ifupdownBootBlocked,
  igmpOneReport,
  initramfsLeavesPortUp,
  interfaceNeverStarted,
  interfaceRenamed,
  intervalUnitConfusion,
  iproute2NameAbbreviation,
  ipv6RouterNotResolicited,
  macLostWithFomActive,
  managersFight,
  matchByCurrentMac,
  membershipNotInForce,
  miimonAndArpBoth,
  miimonSlow,
  modeNotSet,
  modulePrecreatesBond0,
  mtuDriftOnPort,
  mtuLimitOfPort,
  mtuNotInForce,
  namespaceMismatch,
  netlinkMasterStealsPort,
  netplanApplyKeepsRemovedBond,
  netplanApplyStopsWifi,
  netplanSetNameOnMember,
  networkdRadioBeforeBond,
  nfsRootFreeze,
  nmBondUpWithoutPorts,
  nmConnectedWithoutCarrier,
  nmPortStaysOut,
  noLinkMonitor,
  noPrimaryNoFailback,
  numGratArpZero,
  optionNotInKernel,
  optionsRepeated,
  piOsGuideForWrongStack,
  portCannotChangeMac,
  portClaimedTwice,
  portHasMacvlan,
  portMacChangedLater,
  portNotInBond,
  portPerhapsMisspelt,
  portUndeclared,
  primaryInWrongMode,
  primaryNotSetWhereItCounts,
  primaryReselectBetterWithWifi,
  randomMacOnPort,
  releasedFirstPortDuplicatesMac,
  rfkillBlocksPort,
  routeNotInForce,
  secretWorldReadable,
  servicesBoundToPortName,
  sharedFailureDomain,
  singlePortBond,
  staleWifiWorkarounds,
  staticWithoutAddress,
  twoRoutersAddressDoesNotFollow,
  twoRoutersSameIpStaleNeighbour,
  twoSupplicants,
  udevNameClashByEqualMac,
  updelayWithoutMiimon,
  upstreamFailureInvisible,
  usbPortNotReEnslaved,
  virtualFunctionKeepsMac,
  vlanBesideBridge,
  vlanOnPort,
  waitOnlineHang,
  wifiBreaksBridgedGuests,
  wifiPortNeverAssociates,
  wifiPowerSaveLatency,
  wifiSameMacHairpin,
  wifiUpBeforeAuthenticated,
  wpaLineIgnored,
];

/** Every rule there is: one file each beside this one, one page each in docs/rules (a test compares the three). */
export const rules: readonly Rule[] = [
  ...aboutConfigurations,
  suppressionWithoutReason([...aboutConfigurations.map((rule) => rule.name), "suppression-without-reason"]),
];
