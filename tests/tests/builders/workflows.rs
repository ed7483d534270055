//! Workflows of random steps and settings, chained, and every function that makes or changes one.

use std::collections::{BTreeMap, BTreeSet};

use civitai_jobs::WorkflowRequest;
use civitai_jobs::workflows::{
    CallbackEvent, Currency, Image, NsfwLevel, Step, StepHandle, Text, UpgradeMode, types,
};
use contract_tests::{Contract, Maker, Twist, fault, message, normalised, validator};
use serde_json::{Value, json};

use crate::both_ways;
use crate::draw::Draw;
use crate::setters::TOLD;
use crate::steps::MADE;

type Set = fn(WorkflowRequest, &mut Draw) -> WorkflowRequest;

/// Every function that changes a workflow, but for those that add a step and lift the limits.
const SET: &[(&str, Set)] = &[
    ("argument", |mut request, draw| {
        let prompt = request.argument::<Text>(draw.word(), draw.text());
        request.add(Step::z_image(prompt));
        request
    }),
    ("list_argument", |mut request, draw| {
        request.list_argument::<Image>("pictures", [draw.link()]);
        request
    }),
    ("tag", |request, draw| request.tag(draw.text())),
    ("metadata", |request, draw| {
        request.metadata(draw.text(), draw.text())
    }),
    ("callback", |request, draw| {
        let events = [CallbackEvent::WorkflowStar, CallbackEvent::StepSucceeded];
        let wanted = draw.up_to(1);
        request.callback(draw.link(), events.into_iter().take(1 + wanted))
    }),
    ("detailed_callback", |request, draw| {
        request.detailed_callback(draw.link(), [CallbackEvent::JobStar])
    }),
    ("currency", |request, draw| {
        request.currency(draw.one_of(&[Currency::Yellow, Currency::Blue, Currency::Green]))
    }),
    ("allow_mature_content", |request, draw| {
        request.allow_mature_content(draw.once_in(2))
    }),
    ("nsfw_level", |request, draw| {
        request.nsfw_level(draw.one_of(&[NsfwLevel::Pg, NsfwLevel::Xxx]))
    }),
    ("upgrade_mode", |request, draw| {
        request.upgrade_mode(draw.one_of(&[UpgradeMode::Automatic, UpgradeMode::Manual]))
    }),
    ("tips", |request, draw| {
        request.tips(draw.fraction(), draw.fraction())
    }),
    ("ephemeral", |request, _| request.ephemeral()),
    ("experimental", |request, _| request.experimental()),
];

#[test]
fn every_workflow_that_is_let_through_is_accepted() {
    let submission = validator(&normalised("v2"), "WorkflowTemplate");
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..6000 {
        let mut draw = Draw::new(seed);
        let mut request = WorkflowRequest::new();
        let earlier = request.add(types::EchoInput {
            message: draw.text().into(),
            ..Default::default()
        });
        draw.earlier = Some(earlier.name().to_owned());
        let mut tried = BTreeSet::new();
        for step in 0..=draw.up_to(1) {
            // Each has its turn.
            let turn = usize::try_from(seed).unwrap() % MADE.len();
            let (name, make) = if step == 0 {
                MADE[turn]
            } else {
                draw.one_of(MADE)
            };
            tried.insert(name);
            let tells = draw.once_in(2);
            assert!(make(&mut draw, &mut request, tells));
        }
        for (name, set) in SET {
            if draw.once_in(6) {
                tried.insert(name);
                request = set(request, &mut draw);
            }
        }
        tried.append(&mut draw.used);
        if both_ways(&submission, &request, &format!("seed {seed}, {tried:?}")) {
            accepted += 1;
            for name in tried {
                *passed.entry(name).or_default() += 1;
            }
        } else {
            refused += 1;
        }
    }
    println!("{accepted} workflows accepted, {refused} refused by both: {passed:?}");
    let all = MADE.iter().map(|(name, _)| name);
    let all = all.chain(SET.iter().map(|(name, _)| name)).chain(TOLD);
    let never: Vec<_> = all.filter(|name| !passed.contains_key(*name)).collect();
    assert!(never.is_empty(), "never accepted: {never:?}");
}

#[test]
fn every_step_of_the_contract_can_be_added() {
    let contract = Contract::load("v2");
    let submission = validator(&normalised("v2"), "WorkflowTemplate");
    let types = contract.variants("WorkflowStepTemplate");
    for twist in [Twist::Nothing, Twist::Reference] {
        let mut maker = Maker::new(&contract, twist);
        for (tag, schema) in &types {
            let mut passed = 0;
            for seed in 0..40 {
                let mut made = maker.make(schema, seed).back;
                made["$type"] = json!(tag);
                let step: types::WorkflowStepTemplate = serde_json::from_value(made).unwrap();
                let mut request = WorkflowRequest::new();
                let hero: StepHandle<Value> = {
                    let hero = Step::text_to_image(
                        "urn:air:sd1:checkpoint:civitai:4384@128713"
                            .parse()
                            .unwrap(),
                        "fog",
                    );
                    request.add(hero.name("hero"));
                    request.add(step)
                };
                passed += usize::from(both_ways(
                    &submission,
                    &request,
                    &format!("{} {seed}", hero.name()),
                ));
            }
            assert!(passed > 0, "no step of type {tag} was accepted ({twist:?})");
        }
    }
}

#[test]
fn what_is_repeated_is_what_the_recipe_takes() {
    let repeated = validator(&normalised("v2"), "RepeatInput");
    let mut request = WorkflowRequest::new().allow_unchecked();
    let pictures = request.add(Step::z_image("fog").quantity(4));
    let links = request.list_argument::<Image>("links", ["https://example.com/a.png"]);
    for list in [pictures.images(), links] {
        request.add(Step::repeat("picture", &list, Step::upscale_image));
        request.add(Step::repeat("one", &list, |one| {
            Step::repeat("two", &list, |_| Step::remove_background(one))
        }));
    }
    let sent = json!(request.to_template().unwrap());
    let steps = sent["steps"].as_array().unwrap();
    let repeats = steps.iter().filter(|step| step["$type"] == "repeat");
    let inputs: Vec<_> = repeats.map(|step| &step["input"]).collect();
    assert_eq!(inputs.len(), 4);
    for input in inputs
        .into_iter()
        .filter(|input| input["template"]["$type"] != "repeat")
    {
        assert_eq!(message(fault(&repeated, input)), "accepted", "{input}");
    }
}
