//! Which options can stand together.

use super::options::{OptionError, Options};

impl Options {
    /// Says whether all that was set can stand together.
    ///
    /// # Errors
    ///
    /// Fails where an option has no meaning beside another, or without one.
    pub fn check(&self) -> Result<(), OptionError> {
        let plain = Self::default();
        let cassette = match (&self.record, &self.replay) {
            (Some(_), Some(_)) => {
                let (one, other) = ("record", "replay");
                return Err(OptionError::Together { one, other });
            }
            (Some(_), None) => Some("record"),
            (None, Some(_)) => Some("replay"),
            (None, None) => None,
        };
        let of_recordings = [
            ("upstream", self.upstream.is_some()),
            ("hide-prompts", self.hide_prompts),
        ];
        if self.record.is_none()
            && let Some((name, _)) = of_recordings.into_iter().find(|(_, given)| *given)
        {
            let wanted = "record";
            return Err(OptionError::Alone { name, wanted });
        }
        let of_simulators = [
            ("faults", self.faults.is_some()),
            ("state", self.state.is_some()),
            ("seed", self.seed.is_some()),
            ("buzz", self.buzz.is_some()),
            ("speed", self.speed != plain.speed),
            ("shape", self.shape != plain.shape),
            ("token", self.token != plain.token),
        ];
        let other = of_simulators.into_iter().find(|(_, given)| *given);
        match (cassette, other) {
            (Some(one), Some((other, _))) => Err(OptionError::Together { one, other }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_together_is_said() {
        let complaint = |given: &[(&str, &str)]| {
            let mut options = Options::default();
            for (name, value) in given {
                options.set(name, value).unwrap();
            }
            options.check().map_err(|error| error.to_string())
        };
        assert_eq!(
            complaint(&[("record", "a"), ("hide-prompts", "true")]),
            Ok(())
        );
        assert_eq!(complaint(&[("replay", "a"), ("port", "0")]), Ok(()));
        for (given, names) in [
            (
                &[("record", "a"), ("replay", "b")][..],
                ["--record", "--replay"],
            ),
            (&[("upstream", "http://a")], ["--upstream", "--record"]),
            (&[("replay", "a"), ("seed", "1")], ["--replay", "--seed"]),
        ] {
            let text = complaint(given).unwrap_err();
            assert!(names.iter().all(|name| text.contains(name)), "{text}");
        }
    }
}
