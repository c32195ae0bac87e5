import { describe, expect, it } from "vitest";
import { readLinkText, readStationsText } from "./iw-text.ts";

// As iw 5.19 prints it over simulated radios.
const link = `Connected to 02:00:00:00:0a:fe (on wlan0)
\tSSID: Some Net
\tfreq: 2437
\tRX: 11532 bytes (140 packets)
\tTX: 2044 bytes (22 packets)
\tsignal: -30 dBm
\ttx bitrate: 54.0 MBit/s

\tbss flags:\tshort-slot-time
\tdtim period:\t2
\tbeacon int:\t100
`;

const station = (mac: string, authorized: string): string => `Station ${mac} (on wlan0)
\tinactive time:\t451 ms
\trx bytes:\t1234
\trx packets:\t6
\ttx bytes:\t999
\ttx packets:\t7
\tsignal:  \t-30 dBm
\tauthorized:\t${authorized}
\tauthenticated:\tyes
\tconnected time:\t12 seconds
`;

describe("what iw prints", () => {
  it("of a link that has joined, and of one that has not", () => {
    expect(readLinkText(link)).toEqual({
      bssid: "02:00:00:00:0a:fe",
      ssid: "Some Net",
      frequencyMhz: 2437,
      signalDbm: -30,
    });
    expect(readLinkText("Not connected.\n")).toBeUndefined();
    expect(readLinkText("")).toBeUndefined();
  });

  it("of an access point's stations", () => {
    const two = station("02:00:00:00:00:01", "yes") + station("02:00:00:00:00:02", "no");
    expect(readStationsText(two)).toEqual([
      {
        mac: "02:00:00:00:00:01",
        authorized: true,
        signalDbm: -30,
        rxPackets: 6,
        txPackets: 7,
        inactiveMs: 451,
        connectedS: 12,
      },
      expect.objectContaining({ mac: "02:00:00:00:00:02", authorized: false }),
    ]);
    expect(readStationsText("")).toEqual([]);
  });
});
