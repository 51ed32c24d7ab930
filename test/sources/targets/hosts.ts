/** Hosts that somebody asks for who means this machine, or one behind it. @module */

/** Each leads to no connection, though every address of the world is allowed. */
export const HOSTILE: readonly string[] = [
  // This machine, in every form a reader of addresses has ever taken.
  ...["localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.000.000.001"],
  ...["0177.0.0.1", "0x7f.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0", "0.0.0.0", "00.0.0.0"],
  ...["::", "::1", "[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "::7f00:1"],
  // By a translator, or a tunnel.
  ...["64:ff9b::7f00:1", "64:ff9b::127.0.0.1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::"],
  // Written otherwise.
  ...[
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "ⓛocalhost",
    "127.0.0.1\0.example.test",
    "127.0.0.1 ",
    " 127.0.0.1",
  ],
  ...[
    "127.0.0.1:80",
    "127.0.0.1#a",
    "a@127.0.0.1",
    "http://127.0.0.1",
    "127.0.0.1%00",
    "fe80::1%lo",
    "127.0.0.1/32",
    "",
  ],
  // Machines of the network behind it.
  ...["169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "192.0.0.1"],
  ...["fe80::1", "fd00::1", "fec0::1", "fd00:ec2::254"],
  // Nobody, or everybody.
  ...["224.0.0.1", "255.255.255.255", "240.0.0.1", "ff02::1"],
];

/** Names, and what DNS says of each. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  "own.test": ["127.0.0.1"],
  "own6.test": ["::1"],
  "zero.test": ["0.0.0.0"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "compatible.test": ["::127.0.0.1"],
  "nat64.test": ["64:ff9b::7f00:1"],
  "metadata.test": ["169.254.169.254"],
  "private.test": ["10.0.0.1"],
  // One that might be read from does not make up for one that may not.
  "mixed.test": ["192.0.2.7", "127.0.0.1"],
  "mixed6.test": ["192.0.2.7", "::1"],
  "many.test": Array.from({ length: 17 }, (_, i) => `192.0.2.${i}`),
  "nobody.test": [],
};
