import { addressOnPort } from "./address-on-port.ts";
import { arpIntervalTooShort } from "./arp-interval-too-short.ts";
import { arpIntervalWithoutTarget } from "./arp-interval-without-target.ts";
import { arpSingleTarget } from "./arp-single-target.ts";
import { arpTargetUnreachable } from "./arp-target-unreachable.ts";
import { arpTargetsWithCommas } from "./arp-targets-with-commas.ts";
import { arpWithoutValidate } from "./arp-without-validate.ts";
import { bondNotRunning } from "./bond-not-running.ts";
import { bondOptionsWithoutEffect } from "./bond-options-without-effect.ts";
import { bondSlavesAll } from "./bond-slaves-all.ts";
import { bondWithoutAddress } from "./bond-without-address.ts";
import { delayRounding } from "./delay-rounding.ts";
import { dhcpAddressFollowsMac } from "./dhcp-address-follows-mac.ts";
import { downdelayBlackHole } from "./downdelay-black-hole.ts";
import { existingBondUnchanged } from "./existing-bond-unchanged.ts";
import { failOverMacTooLate } from "./fail-over-mac-too-late.ts";
import { failbackIntoStp } from "./failback-into-stp.ts";
import { fomActiveUnderBridge } from "./fom-active-under-bridge.ts";
import { fomFollowWithWifi } from "./fom-follow-with-wifi.ts";
import { ifdownIfupBondLosesPorts } from "./ifdown-ifup-bond-loses-ports.ts";
import { ifenslaveBondMasterOnItself } from "./ifenslave-bond-master-on-itself.ts";
import { ifenslaveDualstackOptionsTwice } from "./ifenslave-dualstack-options-twice.ts";
import { ifenslaveMakesNoBond } from "./ifenslave-makes-no-bond.ts";
import { ifenslaveOptionNeverWorks } from "./ifenslave-option-never-works.ts";
import { ifenslaveOptionRefused } from "./ifenslave-option-refused.ts";
import { ifenslaveOptionsOnlyOnPorts } from "./ifenslave-options-only-on-ports.ts";
import { ifenslavePortWithoutMasterStanza } from "./ifenslave-port-without-master-stanza.ts";
import { ifenslaveUnknownOptionIgnored } from "./ifenslave-unknown-option-ignored.ts";
import { igmpOneReport } from "./igmp-one-report.ts";
import { interfaceNeverStarted } from "./interface-never-started.ts";
import { interfaceRenamed } from "./interface-renamed.ts";
import { miimonAndArpBoth } from "./miimon-and-arp-both.ts";
import { miimonSlow } from "./miimon-slow.ts";
import { modeNotSet } from "./mode-not-set.ts";
import { modulePrecreatesBond0 } from "./module-precreates-bond0.ts";
import { mtuDriftOnPort } from "./mtu-drift-on-port.ts";
import { mtuLimitOfPort } from "./mtu-limit-of-port.ts";
import { noLinkMonitor } from "./no-link-monitor.ts";
import { noPrimaryNoFailback } from "./no-primary-no-failback.ts";
import { numGratArpZero } from "./num-grat-arp-zero.ts";
import { optionsRepeated } from "./options-repeated.ts";
import { portClaimedTwice } from "./port-claimed-twice.ts";
import { portNotInBond } from "./port-not-in-bond.ts";
import { portPerhapsMisspelt } from "./port-perhaps-misspelt.ts";
import { primaryInWrongMode } from "./primary-in-wrong-mode.ts";
import { primaryNotSetWhereItCounts } from "./primary-not-set-where-it-counts.ts";
import { primaryReselectBetterWithWifi } from "./primary-reselect-better-with-wifi.ts";
import type { Rule } from "./rule.ts";
import { secretWorldReadable } from "./secret-world-readable.ts";
import { sharedFailureDomain } from "./shared-failure-domain.ts";
import { singlePortBond } from "./single-port-bond.ts";
import { staleWifiWorkarounds } from "./stale-wifi-workarounds.ts";
import { staticWithoutAddress } from "./static-without-address.ts";
import { suppressionWithoutReason } from "./suppression-without-reason.ts";
import { twoRoutersAddressDoesNotFollow } from "./two-routers-address-does-not-follow.ts";
import { twoRoutersSameIpStaleNeighbour } from "./two-routers-same-ip-stale-neighbour.ts";
import { updelayWithoutMiimon } from "./updelay-without-miimon.ts";
import { upstreamFailureInvisible } from "./upstream-failure-invisible.ts";
import { usbPortNotReEnslaved } from "./usb-port-not-re-enslaved.ts";
import { vlanOnPort } from "./vlan-on-port.ts";
import { wifiBreaksBridgedGuests } from "./wifi-breaks-bridged-guests.ts";
import { wifiPortNeverAssociates } from "./wifi-port-never-associates.ts";
import { wifiSameMacHairpin } from "./wifi-same-mac-hairpin.ts";

const aboutConfigurations: readonly Rule[] = [
  addressOnPort,
  arpIntervalTooShort,
  arpIntervalWithoutTarget,
  arpSingleTarget,
  arpTargetUnreachable,
  arpTargetsWithCommas,
  arpWithoutValidate,
  bondNotRunning,
  bondOptionsWithoutEffect,
  bondSlavesAll,
  bondWithoutAddress,
  delayRounding,
  dhcpAddressFollowsMac,
  downdelayBlackHole,
  existingBondUnchanged,
  failOverMacTooLate,
  failbackIntoStp,
  fomActiveUnderBridge,
  fomFollowWithWifi,
  ifdownIfupBondLosesPorts,
  ifenslaveBondMasterOnItself,
  ifenslaveDualstackOptionsTwice,
  ifenslaveMakesNoBond,
  ifenslaveOptionNeverWorks,
  ifenslaveOptionRefused,
  ifenslaveOptionsOnlyOnPorts,
  ifenslavePortWithoutMasterStanza,
  ifenslaveUnknownOptionIgnored,
  igmpOneReport,
  interfaceNeverStarted,
  interfaceRenamed,
  miimonAndArpBoth,
  miimonSlow,
  modeNotSet,
  modulePrecreatesBond0,
  mtuDriftOnPort,
  mtuLimitOfPort,
  noLinkMonitor,
  noPrimaryNoFailback,
  numGratArpZero,
  optionsRepeated,
  portClaimedTwice,
  portNotInBond,
  portPerhapsMisspelt,
  primaryInWrongMode,
  primaryNotSetWhereItCounts,
  primaryReselectBetterWithWifi,
  secretWorldReadable,
  sharedFailureDomain,
  singlePortBond,
  staleWifiWorkarounds,
  staticWithoutAddress,
  twoRoutersAddressDoesNotFollow,
  twoRoutersSameIpStaleNeighbour,
  updelayWithoutMiimon,
  upstreamFailureInvisible,
  usbPortNotReEnslaved,
  vlanOnPort,
  wifiBreaksBridgedGuests,
  wifiPortNeverAssociates,
  wifiSameMacHairpin,
];

/** Every rule there is: one file each beside this one, one page each in docs/rules (a test compares the three). */
export const rules: readonly Rule[] = [
  ...aboutConfigurations,
  suppressionWithoutReason([...aboutConfigurations.map((rule) => rule.name), "suppression-without-reason"]),
];
