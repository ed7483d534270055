//! Estimates as serde data: milliseconds by kind, from and to in pairs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lengths::Lengths;
use super::{Estimates, Kinds, MAX_KINDS, Span};
use crate::WatchPolicy;

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct StoredKind {
    total: Vec<(u64, u64)>,
    run: Vec<(u64, u64)>,
}

impl Serialize for Estimates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kinds = self.kinds();
        let stored = kinds.known.iter().map(|(name, kind)| {
            let kind = StoredKind {
                total: store(&kind.total),
                run: store(&kind.run),
            };
            (Arc::clone(name), kind)
        });
        let stored: BTreeMap<Arc<str>, StoredKind> = stored.collect();
        drop(kinds);
        serializer.collect_map(stored.iter().map(|(name, kind)| (&**name, kind)))
    }
}

impl<'de> Deserialize<'de> for Estimates {
    /// Reads estimates; what is beyond the bounds of memory is left out.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = BTreeMap::<String, StoredKind>::deserialize(deserializer)?;
        let mut kinds = Kinds::default();
        for (name, stored) in stored.into_iter().take(MAX_KINDS) {
            let kind = kinds.entry(&name.into());
            load(&stored.total, &mut kind.total);
            load(&stored.run, &mut kind.run);
        }
        Ok(Self(Arc::new(Mutex::new(kinds))))
    }
}

fn store(lengths: &Lengths) -> Vec<(u64, u64)> {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let spans = lengths.iter();
    spans
        .map(|span| (millis(span.from), millis(span.to)))
        .collect()
}

fn load(stored: &[(u64, u64)], lengths: &mut Lengths) {
    let time = |millis| Duration::from_millis(millis).min(WatchPolicy::MAX_DEADLINE);
    for (from, to) in stored {
        let (from, to) = (time(*from), time(*to));
        if from <= to {
            lengths.add(Span { from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learned_can_be_stored() {
        let secs = Duration::from_secs;
        let estimates = Estimates::new();
        let (total, run) = (Span::at(secs(30)), Span::at(secs(28)));
        estimates.of("image").add(total, Some(run));
        let text = serde_json::to_string(&estimates).unwrap();
        assert_eq!(
            text,
            r#"{"image":{"total":[[30000,30000]],"run":[[28000,28000]]}}"#
        );
        let loaded: Estimates = serde_json::from_str(&text).unwrap();
        assert_eq!(
            loaded.of("image").learned(),
            estimates.of("image").learned()
        );
    }

    #[test]
    fn odd_data_is_left_out() {
        let text = r#"{"image":{"total":[[9,1],[1,18446744073709551615]]},"video":{}}"#;
        let loaded: Estimates = serde_json::from_str(text).unwrap();
        assert_eq!(loaded.of("image").jobs(), 1);
        assert!(loaded.of("image").expected() < Some(WatchPolicy::MAX_DEADLINE));
        assert_eq!(loaded.of("video").jobs(), 0);
    }
}
