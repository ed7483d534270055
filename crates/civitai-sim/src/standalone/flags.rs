//! The options of a command line, in one table for all programs that start a server.

/// One option of a command line, such as `--port 4010`.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Flag {
    /// The name, without its two dashes.
    pub name: &'static str,
    /// What stands for the value in a usage line; empty for a switch, which takes none.
    pub value: &'static str,
    /// What it does, with its default.
    pub help: &'static str,
}

/// All options, in the order in which help lists them.
pub const FLAGS: &[Flag] = &[
    flag(
        "port",
        "PORT",
        "Port of the API; 0 takes any that is free. Default: 4010",
    ),
    flag(
        "storage-port",
        "PORT",
        "Port of storage. Default: the one behind the port of the API",
    ),
    flag(
        "host",
        "ADDRESS",
        "Address to listen on. Default: 127.0.0.1, this machine alone",
    ),
    flag(
        "token",
        "TOKEN",
        "Bearer token that the API accepts. Default: sim-token",
    ),
    flag(
        "seed",
        "NUMBER",
        "Seed of ids, pictures and chance. Default: 0",
    ),
    flag(
        "speed",
        "SPEED",
        "How fast time runs: 1 as on the wall, 60, max, or 0 to move it by hand. Default: 1",
    ),
    flag(
        "faults",
        "FILE",
        "Scenario file that says what goes wrong with which request",
    ),
    flag(
        "shape",
        "SHAPE",
        "Description that version 2 follows: old, new or both. Default: both",
    ),
    flag(
        "buzz",
        "BUZZ",
        "Buzz on each account at the start. Default: 10000",
    ),
    flag(
        "state",
        "FILE",
        "File to take the state up from, and to save it to every few seconds and at the end",
    ),
    flag(
        "record",
        "FILE",
        "Pass requests on to a real service, and write what it answers to a new cassette",
    ),
    flag(
        "upstream",
        "URL",
        "With --record: the service. Default: https://orchestration.civitai.com",
    ),
    flag(
        "hide-prompts",
        "",
        "With --record: replace prompts and other words of people in the cassette",
    ),
    flag(
        "replay",
        "FILE",
        "Answer from a cassette, without a service behind",
    ),
];

const fn flag(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag { name, value, help }
}
