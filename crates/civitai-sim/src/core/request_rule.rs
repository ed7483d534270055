//! Rules that say what goes wrong with which request.

use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::record::Origin;
use super::seed::Seed;

/// What goes wrong with the requests that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RequestRule {
    #[serde(default)]
    pub(crate) on: Match,
    /// All of it happens to one request, in this order.
    #[serde(rename = "do")]
    pub(crate) effects: Vec<Effect>,
}

/// Which requests a rule is about; what is not said fits all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Match {
    pub(crate) server: Option<Server>,
    pub(crate) method: Option<String>,
    /// The path, in which `*` stands for any text.
    pub(crate) path: Option<String>,
    /// Text that the query holds.
    pub(crate) query: Option<String>,
    /// How many fitting requests are let through first.
    pub(crate) skip: u64,
    /// Only each so-manieth of them.
    pub(crate) every: Option<u64>,
    /// A share of them, from 0 to 1, drawn from the seed.
    pub(crate) chance: Option<f64>,
    /// No more often than this.
    pub(crate) times: Option<u64>,
}

/// Which of the two servers a request goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Server {
    Api,
    Storage,
}

/// A rule for requests, and how many requests it was asked about and struck.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) rule: RequestRule,
    pub(crate) seen: u64,
    pub(crate) struck: u64,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) origin: Origin,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
}

impl Running {
    pub(crate) fn new(rule: RequestRule) -> Self {
        Self {
            rule,
            seen: 0,
            struck: 0,
        }
    }

    /// Whether the rule strikes this request; `place` is that of the rule, for what is drawn.
    pub(crate) fn strikes(&mut self, asked: Asked<'_>, seed: Seed, place: usize) -> bool {
        let on = &self.rule.on;
        if !on.fits(asked) {
            return false;
        }
        self.seen += 1;
        let late = self.seen > on.skip;
        let turn = on.every.is_none_or(|every| {
            (self.seen - 1)
                .saturating_sub(on.skip)
                .is_multiple_of(every.max(1))
        });
        let left = on.times.is_none_or(|times| self.struck < times);
        let drawn = on
            .chance
            .is_none_or(|chance| seed.share(&format!("scenario {place}"), self.seen) < chance);
        let strikes = late && turn && left && drawn;
        self.struck += u64::from(strikes);
        strikes
    }
}

impl Match {
    fn fits(&self, asked: Asked<'_>) -> bool {
        let server = match asked.origin {
            Origin::Api => Server::Api,
            Origin::Blob => Server::Storage,
        };
        self.server.is_none_or(|wanted| wanted == server)
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.eq_ignore_ascii_case(asked.method))
            && self.path.as_ref().is_none_or(|path| fits(path, asked.path))
            && self
                .query
                .as_ref()
                .is_none_or(|text| asked.query.contains(text.as_str()))
    }
}

/// Whether a text is that of a pattern, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return left.is_empty();
    };
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(rule: &str, requests: u64) -> Vec<u64> {
        let mut running = Running::new(serde_json::from_str(rule).unwrap());
        let asked = Asked {
            origin: Origin::Api,
            method: "POST",
            path: "/v2/consumer/workflows",
            query: "whatif=true",
        };
        (1..=requests)
            .filter(|_| running.strikes(asked, Seed(7), 0))
            .collect()
    }

    #[test]
    fn a_rule_strikes_which_requests_it_says() {
        for (on, expected) in [
            ("{}", vec![1, 2, 3, 4, 5, 6]),
            (r#"{"skip": 2, "times": 2}"#, vec![3, 4]),
            (r#"{"every": 3}"#, vec![1, 4]),
            (r#"{"skip": 1, "every": 2}"#, vec![2, 4, 6]),
            (r#"{"method": "get"}"#, vec![]),
            (r#"{"path": "/v2/*/workflows", "times": 1}"#, vec![1]),
            (r#"{"path": "/v2/*/jobs"}"#, vec![]),
            (r#"{"query": "whatif", "times": 1}"#, vec![1]),
            (r#"{"server": "storage"}"#, vec![]),
        ] {
            let rule = format!(r#"{{"on": {on}, "do": [{{"fault": "bom"}}]}}"#);
            assert_eq!(struck(&rule, 6), expected, "{on}");
        }
        let half = r#"{"on": {"chance": 0.5}, "do": []}"#;
        let count = struck(half, 1_000).len();
        assert!((400..600).contains(&count), "{count}");
        assert_eq!(struck(half, 1_000), struck(half, 1_000));
    }

    #[test]
    fn patterns_stand_for_any_text() {
        for (pattern, text, is_fit) in [
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a*", "/ab", true),
            ("*b", "/ab", true),
            ("/a*c*e", "/abcde", true),
            ("/a*c*e", "/abde", false),
        ] {
            assert_eq!(fits(pattern, text), is_fit, "{pattern} {text}");
        }
    }
}
