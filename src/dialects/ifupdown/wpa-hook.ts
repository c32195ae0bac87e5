/** What Debian's hook for ifup hands on to wpa_supplicant of the `wpa-…` lines it is given; every other one it drops without a word.
 *  Source: functions.sh of wpasupplicant 2:2.10-12, the same since 2.4. */
const handedOn: ReadonlySet<string> = new Set(
  `altsubject_match altsubject_match2 anonymous_identity ap_scan auth_alg bssid ca_cert ca_cert2 ca_path ca_path2
   client_cert client_cert2 dh_file dh_file2 eap eap_methods eapol_flags eappsk engine engine_id freq_list frequency group id_str
   identity key_id key_mgmt mode nai pac_file pairwise password pcsc peerkey phase1 phase2 pin preauthenticate priority
   private_key private_key2 private_key_passwd private_key_passwd2 proactive_key_caching proto scan_freq scan_ssid subject_match
   subject_match2 wep_key0 wep_key1 wep_key2 wep_key3 wep_tx_keyidx`.split(/\s+/),
);

/** The hook's own: how wpa_supplicant is started and found. */
const itsOwn: ReadonlySet<string> = new Set(
  `action_script bridge conf debug_level driver essid iface logfile maint_debug mapping_script mapping_script_priority map
   passphrase passphrase_file psk psk_file roam roam_default_iface ssid verbosity`.split(/\s+/),
);

/** Is a setting of wpa_supplicant's, by its own name (`key_mgmt`), heeded as a `wpa-…` line? */
export function hookKnows(setting: string): boolean {
  return handedOn.has(setting) || itsOwn.has(setting);
}
