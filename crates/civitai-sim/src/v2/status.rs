//! The states that workflows, steps and jobs share.

/// Where a workflow, step or job stands; the first four rise, the others are ends.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub(crate) enum Status {
    Unassigned,
    Preparing,
    Scheduled,
    Processing,
    Succeeded,
    Failed,
    Expired,
    Canceled,
}

impl Status {
    pub(crate) fn is_over(self) -> bool {
        self >= Self::Succeeded
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unassigned => "unassigned",
            Self::Preparing => "preparing",
            Self::Scheduled => "scheduled",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        }
    }

    /// What parts that run side by side amount to: over once all are, and then the worst of them.
    pub(crate) fn of_parts(parts: impl Iterator<Item = Self> + Clone) -> Self {
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return Self::Unassigned;
        }
        let running = parts.clone().filter(|part| !part.is_over()).max();
        let Some(running) = running else {
            let ended = |wanted| parts.clone().any(|part| part == wanted);
            let ends = [Self::Failed, Self::Expired, Self::Canceled];
            let worst = ends.into_iter().find(|end| ended(*end));
            return worst.unwrap_or(Self::Succeeded);
        };
        // What has ended already was worked on.
        let begun = parts.clone().any(|part| part == Self::Succeeded);
        if begun { Self::Processing } else { running }
    }
}

#[cfg(test)]
mod tests {
    use super::Status::*;
    use super::*;

    #[test]
    fn the_whole_follows_its_parts() {
        for (parts, whole) in [
            (&[][..], Unassigned),
            (&[Unassigned, Scheduled], Scheduled),
            (&[Succeeded, Unassigned], Processing),
            (&[Failed, Processing], Processing),
            (&[Failed, Canceled, Succeeded], Failed),
            (&[Expired, Canceled], Expired),
            (&[Succeeded, Canceled], Canceled),
            (&[Succeeded, Succeeded], Succeeded),
        ] {
            assert_eq!(Status::of_parts(parts.iter().copied()), whole, "{parts:?}");
        }
    }
}
