//! `sim`: plays the services on this machine, for programs in any language.

use civitai_sim::standalone::{FLAGS, Options, Service, interrupted};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::failure::Failure;
use crate::screen;

/// Plays the service on this machine: no account, no network, no cost.
#[derive(Debug)]
pub(crate) struct Sim {
    options: Options,
}

impl Sim {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        // Signals count from here on, before anybody is told that the server is there.
        let stop = interrupted();
        let failed = |error| Failure::system("cannot play the service", &error);
        let service = Service::start(self.options).await.map_err(failed)?;
        screen::result(format!("{}\n", service.ready_line()).as_bytes())
            .map_err(|error| Failure::system("cannot say where it is", &error))?;
        service.run_until(stop).await.map_err(failed)
    }
}

/// The arguments are those that the simulator lists, so that its own program has the same.
impl Args for Sim {
    fn augment_args(command: Command) -> Command {
        let arguments = FLAGS.iter().map(|flag| {
            let argument = Arg::new(flag.name).long(flag.name).help(flag.help);
            if flag.value.is_empty() {
                argument.action(ArgAction::SetTrue)
            } else {
                argument.value_name(flag.value)
            }
        });
        command
            .about("Plays the service on this machine: no account, no network, no cost")
            .after_help(
                "It prints one line of JSON once it is ready, with addresses and token, and ends at \
                 Ctrl-C or SIGTERM. Its page is at the address of the API.",
            )
            .args(arguments)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Sim {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sim = Self {
            options: Options::default(),
        };
        sim.update_from_arg_matches(matches)?;
        Ok(sim)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for flag in FLAGS {
            let value = if flag.value.is_empty() {
                matches.get_flag(flag.name).then_some("true")
            } else {
                matches.get_one::<String>(flag.name).map(String::as_str)
            };
            if let Some(value) = value {
                let set = self.options.set(flag.name, value);
                set.map_err(|error| clap::Error::raw(ErrorKind::ValueValidation, error))?;
            }
        }
        let checked = self.options.check();
        checked.map_err(|error| clap::Error::raw(ErrorKind::ArgumentConflict, error))
    }
}
