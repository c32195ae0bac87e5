/* Whether somebody else has an IPv6 address is asked for one to two seconds before it may be used. An address that was this host's a moment
 * ago needn't be asked for; and without accept_dad there isn't even the random wait for the first question, up to a second, that
 * dad_transmits leaves. What it was stays readable in what it is: -100 - N for N (the kernel has a -1 of its own). So whoever comes later
 * can put it back, though who changed it was killed, and doing either twice does no harm. */

/** Shell: on the link that a word of the shell's names, IPv6 addresses count at once from now on. Where there is no IPv6, nothing. */
export function undetected(link: string): string {
  return turned(link, "-gt 0");
}

/** Shell: ends that. */
export function detectAgain(link: string): string {
  return turned(link, "-lt -100");
}

/** Read by cat: dash reads byte by byte, and of these files there is no second byte. */
function turned(link: string, where: string): string {
  const file = `"/proc/sys/net/ipv6/conf/${link}/accept_dad"`;
  return `{ detect=$(cat ${file}) && [ "$detect" ${where} ] && echo $((-100 - detect)) >${file}; } 2>/dev/null || :`;
}
