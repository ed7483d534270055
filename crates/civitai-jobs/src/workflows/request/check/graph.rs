//! What refers to what: every reference gets the final name of its step, and none goes in a circle.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::FieldProblems;
use crate::workflows::request::references::{self, Origin, StepId};

/// A reference from one step to another, and where it stands.
struct Edge {
    to: usize,
    field: String,
}

/// Resolves all references of the steps, in place.
pub(in crate::workflows::request) fn references(
    steps: &mut [Map<String, Value>],
    ids: &[StepId],
    arguments: Option<&BTreeMap<String, Value>>,
    problems: &mut FieldProblems,
) {
    let names = Names::new(steps, ids);
    let mut edges: Vec<Vec<Edge>> = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter_mut().enumerate() {
        let mut from_here = Vec::new();
        let field = format!("steps[{index}].input");
        let input = step.get_mut("input");
        references::each(input.unwrap_or(&mut Value::Null), &field, &mut |mention| {
            let wrong = match names.find(mention.source) {
                Found::Step(to) => {
                    mention.source.clone_from(&names.all[to]);
                    from_here.push(Edge {
                        to,
                        field: mention.field.to_owned(),
                    });
                    let hidden = mention.items.contains(mention.source);
                    hidden.then(|| {
                        format!(
                            "`{}`, which the item of a loop is called, too",
                            mention.source
                        )
                    })
                }
                Found::Arguments => {
                    let name = mention.path.split(['.', '[']).next().unwrap_or_default();
                    let set = arguments.is_some_and(|arguments| arguments.contains_key(name));
                    (!set).then(|| format!("the argument `{name}`, which is not set"))
                }
                Found::Foreign(name) => Some(format!("`{name}`, a step of another workflow")),
                Found::Nothing => {
                    let source = &mention.source;
                    Some(format!("`{source}`, which is no step of this workflow"))
                }
            };
            if let Some(wrong) = wrong {
                problems.add(mention.field, format!("refers to {wrong}"));
            }
        });
        edges.push(from_here);
    }
    circles(&names.all, &edges, problems);
}

/// The steps by all that a reference may know them by.
struct Names {
    all: Vec<String>,
    by_name: HashMap<String, usize>,
    by_id: HashMap<StepId, usize>,
}

enum Found {
    Step(usize),
    Arguments,
    Foreign(String),
    Nothing,
}

impl Names {
    fn new(steps: &[Map<String, Value>], ids: &[StepId]) -> Self {
        let name = |step: &Map<String, Value>| Some(step.get("name")?.as_str()?.to_owned());
        let all: Vec<String> = steps
            .iter()
            .map(|step| name(step).unwrap_or_default())
            .collect();
        // Of two steps with one name, which is a problem of its own, the first is meant.
        let by_name = all.iter().cloned().enumerate().rev();
        Self {
            by_name: by_name.map(|(index, name)| (name, index)).collect(),
            by_id: ids
                .iter()
                .enumerate()
                .map(|(index, id)| (*id, index))
                .collect(),
            all,
        }
    }

    fn find(&self, source: &str) -> Found {
        match Origin::from_source(source) {
            Origin::Arguments => Found::Arguments,
            Origin::Step(id, name) => match self.by_id.get(&id) {
                Some(step) => Found::Step(*step),
                None => Found::Foreign(name),
            },
            Origin::Named(name) => {
                // `$0` is the first step.
                let place = name.strip_prefix('$').and_then(|place| place.parse().ok());
                let place = place.filter(|place| *place < self.all.len());
                let named = self.by_name.get(&name).copied();
                named.or(place).map_or(Found::Nothing, Found::Step)
            }
        }
    }
}

/// Reports each circle of steps that wait for each other.
fn circles(names: &[String], edges: &[Vec<Edge>], problems: &mut FieldProblems) {
    let mut waiting: Vec<bool> = vec![true; edges.len()];
    loop {
        // A step whose references are all settled is settled.
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for (step, edges) in edges.iter().enumerate() {
                if waiting[step] && edges.iter().all(|edge| !waiting[edge.to]) {
                    waiting[step] = false;
                    changed = true;
                }
            }
        }
        // From any step that is left, the way along the references ends in a circle.
        let Some(start) = waiting.iter().position(|waits| *waits) else {
            return;
        };
        let next = |step: usize| edges[step].iter().find(|edge| waiting[edge.to]);
        let mut way: Vec<usize> = vec![start];
        let (closing, begin) = loop {
            let Some(edge) = way.last().and_then(|step| next(*step)) else {
                return;
            };
            if let Some(begin) = way.iter().position(|step| *step == edge.to) {
                break (edge, begin);
            }
            way.push(edge.to);
        };
        let circle = way[begin..].iter().chain([&closing.to]);
        let circle: Vec<_> = circle.map(|step| format!("`{}`", names[*step])).collect();
        let what = format!("closes a circle: {}", circle.join(" waits for "));
        problems.add(closing.field.clone(), what);
        for step in &way[begin..] {
            waiting[*step] = false;
        }
    }
}
