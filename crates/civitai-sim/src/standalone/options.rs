//! What a server is told on its command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

use crate::core::speed::Speed;
use crate::v2::shape::Shape;

/// How a server is started.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The address that both ports are on. Default: 127.0.0.1.
    pub host: IpAddr,
    /// The port of the API; 0 takes any that is free. Default: 4010.
    pub port: u16,
    /// The port of storage; 0 takes any that is free. Default: the one behind the port of the API.
    pub storage_port: Option<u16>,
    /// The bearer token that the API accepts. Default: `sim-token`.
    pub token: String,
    /// The seed of everything that looks random; a state that is taken up brings its own. Default: 0.
    pub seed: Option<u64>,
    /// How fast simulated time runs. Default: as fast as the clock on the wall.
    pub speed: Speed,
    /// A scenario file: what goes wrong with which request. Default: nothing goes wrong.
    pub faults: Option<PathBuf>,
    /// The description that replies of version 2 follow. Default: both.
    pub shape: Shape,
    /// The Buzz on each account at the start. Default: 10,000.
    pub buzz: Option<u32>,
    /// The file that the state is taken up from, where it is there, and saved to at the end. Default: none.
    pub state: Option<PathBuf>,
    /// The cassette that the answers of a real service are written to; nothing is simulated then. Default:
    /// none.
    pub record: Option<PathBuf>,
    /// The service that is recorded. Default: that of Civitai.
    pub upstream: Option<String>,
    /// Whether a recording replaces prompts. Default: `false`.
    pub hide_prompts: bool,
    /// The cassette that requests are answered from; nothing is simulated then. Default: none.
    pub replay: Option<PathBuf>,
}

/// Why an option is not taken.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// There is no option of this name.
    #[error("there is no option `--{name}`; `--help` lists all")]
    Unknown {
        /// The name that was given.
        name: String,
    },
    /// The value is none that the option takes.
    #[error("`--{name}` takes {wanted}; it was given `{value}`")]
    Value {
        /// The option.
        name: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// What it was given.
        value: String,
    },
    /// Two options cannot stand together.
    #[error(
        "`--{one}` and `--{other}` cannot stand together: with a cassette nothing is simulated"
    )]
    Together {
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An option means nothing without another.
    #[error("`--{name}` means nothing without `--{wanted}`")]
    Alone {
        /// The option.
        name: &'static str,
        /// What it wants beside it.
        wanted: &'static str,
    },
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 4010,
            storage_port: None,
            token: "sim-token".to_owned(),
            seed: None,
            speed: Speed::Times(1.0),
            faults: None,
            shape: Shape::Both,
            buzz: None,
            state: None,
            record: None,
            upstream: None,
            hide_prompts: false,
            replay: None,
        }
    }
}

impl Options {
    /// Sets one option by its name on the command line, without its dashes.
    ///
    /// # Errors
    ///
    /// Fails for a name that is none of [`FLAGS`](super::FLAGS), and for a value that the option does not take.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), OptionError> {
        const PORT: &str = "a port from 0 to 65535";
        match name {
            "port" => self.port = read("port", value, PORT)?,
            "storage-port" => self.storage_port = Some(read("storage-port", value, PORT)?),
            "host" => self.host = read("host", value, "an IP address such as 127.0.0.1")?,
            "token" => self.token = read("token", value, "a text")?,
            "seed" => self.seed = Some(read("seed", value, "a whole number")?),
            "speed" => {
                let wanted = "`max`, 0, or how many times as fast as on the wall, up to 1000000";
                self.speed = read("speed", value, wanted)?;
            }
            "faults" => self.faults = Some(value.into()),
            "shape" => self.shape = read("shape", value, "`old`, `new` or `both`")?,
            "buzz" => self.buzz = Some(read("buzz", value, "whole Buzz, up to 4294967295")?),
            "state" => self.state = Some(value.into()),
            "record" => self.record = Some(value.into()),
            "upstream" => self.upstream = Some(value.to_owned()),
            "hide-prompts" => {
                self.hide_prompts = read("hide-prompts", value, "nothing, `true` or `false`")?;
            }
            "replay" => self.replay = Some(value.into()),
            _ => {
                let name = name.to_owned();
                return Err(OptionError::Unknown { name });
            }
        }
        Ok(())
    }

    /// The port of storage, as far as it is settled.
    pub(super) fn storage(&self) -> u16 {
        let behind = if self.port == 0 {
            0
        } else {
            self.port.wrapping_add(1)
        };
        self.storage_port.unwrap_or(behind)
    }
}

fn read<T: FromStr>(
    name: &'static str,
    value: &str,
    wanted: &'static str,
) -> Result<T, OptionError> {
    value.parse().map_err(|_| OptionError::Value {
        name,
        wanted,
        value: value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::flags::FLAGS;
    use super::*;

    #[test]
    fn every_flag_sets_its_option_and_says_what_it_takes() {
        let mut options = Options::default();
        for flag in FLAGS {
            let good = ["0", "127.0.0.1", "both", "true"];
            let taken = good
                .iter()
                .any(|value| options.set(flag.name, value).is_ok());
            assert!(taken, "--{}", flag.name);
        }
        let error = options.set("port", "many").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`--port` takes a port from 0 to 65535; it was given `many`"
        );
        assert!(
            options
                .set("prot", "1")
                .unwrap_err()
                .to_string()
                .contains("--prot")
        );
    }

    #[test]
    fn storage_is_behind_the_api_unless_told() {
        let mut options = Options::default();
        assert_eq!(options.storage(), 4011);
        options.set("port", "0").unwrap();
        assert_eq!(options.storage(), 0);
        options.set("storage-port", "9").unwrap();
        assert_eq!(options.storage(), 9);
    }
}
