//! Words that a reply's member may be: those that the actions of a step ask for, and those they forget.

use std::collections::{BTreeMap, BTreeSet};

use super::criteria::operand_keys;
use super::{Check, Scene};
use crate::condition::{Condition, Operator};
use crate::contract::{Presence, presence, structure};
use crate::document::Criterion;
use crate::finding::Rule;
use crate::pointer::Pointer;

/// The words that a member is compared with.
#[derive(Default)]
struct Asked {
    words: BTreeMap<String, Pointer>,
    /// Whether something is done about all other words.
    rest: bool,
}

impl<'a> Check<'a> {
    pub(super) fn words(&mut self, scene: Scene<'a>) {
        let actions = scene.workflow.actions(scene.step, true);
        let mut members: BTreeMap<Vec<String>, Asked> = BTreeMap::new();
        for criterion in actions.iter().flat_map(|action| &action.criteria) {
            gather(criterion, &mut members);
        }
        let always = actions.iter().any(|action| action.criteria.is_empty());
        let schemas = scene.schemas();
        for (keys, asked) in members {
            let Presence::Declared(schemas) = presence(&schemas, &keys) else {
                continue;
            };
            let Some(words) = structure(&schemas).words() else {
                continue;
            };
            self.compare(scene, &keys, &asked, &words, always);
        }
    }

    fn compare(
        &mut self,
        scene: Scene<'a>,
        keys: &[String],
        asked: &Asked,
        words: &BTreeSet<&str>,
        always: bool,
    ) {
        let path = format!("/{}", keys.join("/"));
        for (word, at) in &asked.words {
            if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                let message = format!("the contract lists no word `{word}` for `{path}`");
                self.add(Rule::UndeclaredWord, at, message);
            }
        }
        let is_asked = |word: &str| {
            asked
                .words
                .keys()
                .any(|asked| asked.eq_ignore_ascii_case(word))
        };
        let forgotten: Vec<_> = words
            .iter()
            .filter(|word| !is_asked(word))
            .copied()
            .collect();
        // One word alone is a question of yes or no.
        if asked.words.len() > 1 && !asked.rest && !always && !forgotten.is_empty() {
            let message = format!(
                "no action of the step is for `{path}` being {}, which the contract lists; then the next \
                 step runs",
                forgotten.join(", ")
            );
            self.add(
                Rule::UnhandledWord,
                &scene.step.at.child("onSuccess"),
                message,
            );
        }
    }
}

fn gather(criterion: &Criterion, members: &mut BTreeMap<Vec<String>, Asked>) {
    let (Condition::Simple(simple) | Condition::Meant(simple)) = &criterion.condition else {
        return;
    };
    simple.each_literal(&mut |operand, operator, value| {
        let Some(word) = value.as_str() else {
            return;
        };
        let Some(keys) = operand_keys(operand, criterion.context.as_ref()) else {
            return;
        };
        let asked = members.entry(keys).or_default();
        asked.rest |= operator != Operator::Equal;
        asked
            .words
            .entry(word.to_owned())
            .or_insert_with(|| criterion.at.clone());
    });
}
