import { optionNames } from "../../model/options.ts";
import { spellingOf } from "./spelling.ts";

/** The three kinds of file. */
export type UnitKind = "netdev" | "network" | "link";

/** Keys of the sections whose keys are checked, by kind of file and section: those of 252, and younger ones with the version that
 *  brought them. Source: the tables in the binaries of 252, systemd.network(5), systemd.netdev(5) and systemd.link(5) of 257. */
const tables: Readonly<Record<UnitKind, Readonly<Record<string, string>>>> = {
  netdev: {
    Match: "Architecture Credential Firmware Host KernelCommandLine KernelVersion Virtualization Version:258",
    NetDev: "Description Kind MACAddress MTUBytes Name",
    VLAN: "EgressQOSMaps GVRP Id IngressQOSMaps LooseBinding MVRP Protocol ReorderHeader",
    Bridge:
      "AgeingTimeSec DefaultPVID ForwardDelaySec GroupForwardMask HelloTimeSec MaxAgeSec MulticastIGMPVersion MulticastQuerier MulticastSnooping Priority STP VLANFiltering VLANProtocol FDBMaxLearned:257",
  },
  network: {
    Match:
      "Architecture BSSID Credential Driver Firmware Host KernelCommandLine KernelVersion Kind MACAddress Name Path PermanentMACAddress Property SSID Type Virtualization WLANInterfaceType Version:258",
    Link: "ARP ActivationPolicy AllMulticast Group MACAddress MTUBytes Multicast Promiscuous RequiredFamilyForOnline RequiredForOnline Unmanaged",
    Network:
      "ActiveSlave Address BatmanAdvanced BindCarrier Bond Bridge ConfigureWithoutCarrier DHCP DHCPPrefixDelegation DHCPServer DHCPv6PrefixDelegation DNS DNSDefaultRoute DNSOverTLS DNSSEC DNSSECNegativeTrustAnchors DefaultRouteOnDevice Description Domains EmitLLDP Gateway IPForward IPMasquerade IPVLAN IPVTAP IPoIB IPv4AcceptLocal IPv4LL IPv4LLRoute IPv4LLStartAddress IPv4ProxyARP IPv4RouteLocalnet IPv6AcceptRA IPv6AcceptRouterAdvertisements IPv6DuplicateAddressDetection IPv6HopLimit IPv6LinkLocalAddressGenerationMode IPv6MTUBytes IPv6PrefixDelegation IPv6PrivacyExtensions IPv6ProxyNDP IPv6ProxyNDPAddress IPv6SendRA IPv6StableSecretAddress IPv6Token IgnoreCarrierLoss KeepConfiguration KeepMaster L2TP LLDP LLMNR LinkLocalAddressing MACVLAN MACVTAP MACsec ManageForeignRoutes ManageForeignRoutingPolicyRules MulticastDNS NTP PrimarySlave ProxyARP RouteTable SpeedMeter SpeedMeterIntervalSec Tunnel VLAN VRF VXLAN Xfrm UseDomains:256 IPv4ReversePathFilter:255 IPv6RetransmissionTimeSec:256 IPv4Forwarding:256 IPv6Forwarding:256 IPv4DuplicateAddressDetectionTimeoutSec:256 MPLSRouting:257 DHCPServerPersistLeases:255 MulticastIGMPVersion:253",
    DHCPv4:
      "AllowList Anonymize BlackList ClientIdentifier CriticalConnection DUIDRawData DUIDType DenyList FallbackLeaseLifetimeSec Hostname IAID IPServiceType Label ListenPort MUDURL MaxAttempts NetLabel RequestBroadcast RequestOptions RouteMTUBytes RouteMetric RouteTable RoutesToDNS RoutesToNTP SendDecline SendHostname SendOption SendRelease SendVendorOption Use6RD UseDNS UseDomainName UseDomains UseGateway UseHostname UseMTU UseNTP UseRoutes UseSIP UseTimezone UserClass VendorClassIdentifier RapidCommit:255 UseCaptivePortal:254 IPv6OnlyMode:255 SocketPriority:253 InitialCongestionWindow:254 InitialAdvertisedReceiveWindow:254 QuickAck:253 ServerPort:256 UseDNR:257 BOOTP:257 NFTSet:255",
    DHCPv6:
      "DUIDRawData DUIDType ForceDHCPv6PDOtherInformation IAID MUDURL NetLabel PrefixDelegationHint RapidCommit RequestOptions RouteMetric SendOption SendVendorOption UseAddress UseDNS UseDelegatedPrefix UseDomains UseHostname UseNTP UserClass VendorClass WithoutRA SendHostname:255 Hostname:255 SendRelease:254 UseCaptivePortal:254 UnassignedSubnetPolicy:257 UseDNR:257 UseSIP:257 NFTSet:255",
    IPv6AcceptRA:
      "BlackList DHCPv6Client DenyList NetLabel PrefixAllowList PrefixDenyList RouteAllowList RouteDenyList RouteMetric RouteTable RouterAllowList RouterDenyList Token UseAutonomousPrefix UseDNS UseDomains UseGateway UseMTU UseOnLinkPrefix UseRoutePrefix UseCaptivePortal:254 UseDNR:257 UseHopLimit:255 UseICMP6RateLimit:255 UsePREF64:255 UseReachableTime:256 UseRedirect:256 UseRetransmissionTime:256 QuickAck:253 NFTSet:255",
    Bridge:
      "AllowPortToBeRoot Cost FastLeave HairPin Isolated Learning MulticastFlood MulticastRouter MulticastToUnicast NeighborSuppression Priority ProxyARP ProxyARPWiFi UnicastFlood UseBPDU Locked:255 MACAuthenticationBypass:255 VLANTunnel:257 LinkLocalLearning:258",
  },
  link: {
    Match:
      "Architecture Credential Driver Firmware Host KernelCommandLine KernelVersion Kind MACAddress OriginalName Path PermanentMACAddress Property Type Virtualization Version:258",
  },
};

/** Sections that stand once for each thing they describe, and those that are kept whole. Source: the same. */
const wholeSections: Readonly<Record<UnitKind, string>> = {
  netdev:
    "BareUDP BatmanAdvanced FooOverUDP GENEVE HierarchyTokenBucket IPVLAN IPVTAP IPoIB L2TP L2TPSession MACVLAN MACVTAP MACsec MACsecReceiveAssociation MACsecReceiveChannel MACsecTransmitAssociation Peer Tap Tun Tunnel VRF VXCAN VXLAN WLAN WireGuard WireGuardPeer Xfrm",
  network:
    "Address BFIFO BridgeFDB BridgeMDB BridgeVLAN CAKE CAN ControlledDelay DHCPPrefixDelegation DHCPServer DHCPServerStaticLease DHCPv6PrefixDelegation DeficitRoundRobinScheduler DeficitRoundRobinSchedulerClass EnhancedTransmissionSelection FairQueueing FairQueueingControlledDelay FlowQueuePIE GenericRandomEarlyDetection HeavyHitterFilter HierarchyTokenBucket HierarchyTokenBucketClass IPoIB IPv6AddressLabel IPv6Prefix IPv6PrefixDelegation IPv6PREF64Prefix IPv6RoutePrefix IPv6SendRA LLDP Neighbor NetworkEmulator NextHop PFIFO PFIFOFast PFIFOHeadDrop QDisc QuickFairQueueing QuickFairQueueingClass Route RoutingPolicyRule StochasticFairBlue StochasticFairnessQueueing TokenBucketFilter TrafficControlQueueingDiscipline TrivialLinkEqualizer MobileNetwork",
  link: "Link SR-IOV EnergyEfficientEthernet",
};

/** First version that has each key, by section. 0: 252 has it. */
function versions(words: string): ReadonlyMap<string, number> {
  return new Map(
    words.split(" ").map((word) => {
      const [key = "", since] = word.split(":");
      return [key, Number(since ?? 0)];
    }),
  );
}

const bondKeys = optionNames
  .map(spellingOf)
  .flatMap((said) => (said === "cannot-say" || said.place === "port" ? [] : [`${said.key}:${said.since ?? 0}`]))
  .join(" ");

const keysBySection: Readonly<Record<UnitKind, ReadonlyMap<string, ReadonlyMap<string, number>>>> = {
  netdev: new Map([...tablesOf("netdev"), ["Bond", versions(bondKeys)]]),
  network: new Map(tablesOf("network")),
  link: new Map(tablesOf("link")),
};

function tablesOf(kind: UnitKind): readonly (readonly [string, ReadonlyMap<string, number>])[] {
  return Object.entries(tables[kind]).map(([section, words]) => [section, versions(words)]);
}

const whole: Readonly<Record<UnitKind, ReadonlySet<string>>> = {
  netdev: new Set(wholeSections.netdev.split(" ")),
  network: new Set(wholeSections.network.split(" ")),
  link: new Set(wholeSections.link.split(" ")),
};

/** The keys a section may have, with the first version that reads each (0: 252 and before); undefined where they are not checked. */
export function keysOf(kind: UnitKind, section: string): ReadonlyMap<string, number> | undefined {
  return keysBySection[kind].get(section);
}

/** Whether a section of that name means something in such a file. "X-" sections are for whoever wants them. */
export function isSection(kind: UnitKind, section: string): boolean {
  return keysBySection[kind].has(section) || whole[kind].has(section);
}

/** Whether a section of that name stands by itself each time: two [Route] sections are two routes. */
export function isWhole(kind: UnitKind, section: string): boolean {
  return whole[kind].has(section) && section !== "Link";
}

/** Every section with checked keys of such a file. */
export function checkedSections(kind: UnitKind): Iterable<readonly [string, ReadonlyMap<string, number>]> {
  return keysBySection[kind];
}
