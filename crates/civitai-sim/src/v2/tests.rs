//! What holds whatever callers do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::core::seed::Seed;
use crate::simulator::Simulator;

use super::change::{cancel, update};
use super::loading::Loading;
use super::run::advance;
use super::settings::Settings;
use super::shown::Shown;
use super::state::State;
use super::status::Status;
use super::submission;
use super::submit::submit;
use super::view::view;
use super::wallet::Currency;

const MODELS: [&str; 2] = [
    "urn:air:flux2:lora:civitai:1@2",
    "urn:air:flux2:lora:civitai:3@4",
];

fn state() -> State {
    let builder = Simulator::builder().workers(3).fail_when(|step| {
        let fails = step.prompt().contains("eclipse") && step.attempt() == 0;
        fails.then(|| "Too dark.".to_owned())
    });
    let builder = builder
        .bill_when(|step| step.prompt().contains("bay").then_some(0.4))
        .not_loaded(MODELS[0], Loading::new(3_000_000_000))
        .not_loaded(MODELS[1], Loading::new(900_000_000));
    let mut setup = builder.setup;
    setup.start = chrono::DateTime::UNIX_EPOCH;
    State::new(setup, builder.v2, "http://localhost".to_owned())
}

/// A workflow of up to four steps, some of which wait for others.
fn drawn(draw: &mut impl FnMut(u64) -> u64) -> Value {
    let steps: Vec<Value> = (0..=draw(4))
        .map(|place| {
            let prompt = if draw(4) == 0 { "an eclipse" } else { "a bay" };
            let mut input = json!({
                "engine": "flux2", "model": "klein", "operation": "createImage",
                "modelVersion": "4b", "prompt": prompt, "quantity": 1 + draw(3),
            });
            if draw(6) == 0 {
                input["loras"] = json!({ MODELS[draw(2) as usize]: 1.0 });
            }
            if place > 0 && draw(2) == 0 {
                let source = format!("${}", draw(place));
                input["negativePrompt"] = json!({"$ref": source, "path": "output.images[0].id"});
            }
            let mut step = json!({"$type": "imageGen", "input": input, "retries": draw(2)});
            if draw(4) == 0 {
                step["timeout"] = "00:00:20".into();
            }
            step
        })
        .collect();
    let lane = ["low", "normal", "high"][draw(3) as usize];
    let tips = json!({"civitai": 0.25, "creators": 0.0});
    json!({ "steps": steps, "tips": tips, "downloadPriority": lane })
}

#[test]
fn a_text_that_is_kept_is_what_would_be_written() {
    for seed in 0..5 {
        let mut count = 0;
        let mut draw = |below: u64| {
            count += 1;
            (Seed(seed).share("test", count) * below as f64) as u64
        };
        let shown = Shown::new(state());
        let mut now = Duration::ZERO;
        let mut workflows = 0;
        for _ in 0..120 {
            now += Duration::from_millis([0, 1, 300, 40_000][draw(4) as usize]);
            let mut held = shown.at(now);
            let any = draw(workflows.max(1)) as usize;
            match draw(4) {
                0 => {
                    let template = submission::read(&drawn(&mut draw), &Settings::default());
                    submit(&mut held, template.unwrap(), false).unwrap();
                    workflows += 1;
                }
                1 if workflows > 0 => cancel(&mut held, any),
                2 if workflows > 0 => {
                    let change = json!({"metadata": {"draw": draw(9)}});
                    update(&mut held, any, &change).unwrap();
                }
                _ => {}
            }
            for number in 0..workflows as usize {
                let hide = draw(2) == 0;
                let written = view(&held, held.store().workflow(number), hide).to_string();
                assert_eq!(held.text(number, hide), written);
            }
        }
    }
}

#[test]
fn ends_are_final_and_no_buzz_is_lost() {
    for seed in 0..20 {
        let mut count = 0;
        let mut draw = |below: u64| {
            count += 1;
            (Seed(seed).share("test", count) * below as f64) as u64
        };
        let mut state = state();
        let mut ends: Vec<Option<Status>> = Vec::new();
        for _ in 0..60 {
            let now = state.now + Duration::from_secs(draw(20));
            advance(&mut state, now);
            let template = submission::read(&drawn(&mut draw), &Settings::default()).unwrap();
            submit(&mut state, template, false).unwrap();
            ends.push(None);
            if draw(6) == 0 {
                let any = draw(u64::try_from(ends.len()).unwrap());
                let faster = json!({"downloadPriority": "high"});
                let any = usize::try_from(any).unwrap();
                update(&mut state, any, &faster).unwrap();
            }
            if draw(4) == 0 {
                let any = draw(u64::try_from(ends.len()).unwrap());
                cancel(&mut state, usize::try_from(any).unwrap());
            }
            for (number, end) in ends.iter_mut().enumerate() {
                let status = state.store.workflow(number).status(state.now);
                assert!(end.is_none_or(|end| end == status));
                *end = Some(status).filter(|status| status.is_over());
            }
        }
        let now = state.now + Duration::from_secs(100_000);
        advance(&mut state, now);
        let mut paid = 0;
        for number in 0..ends.len() {
            let workflow = state.store.workflow(number);
            assert!(workflow.is_over() && workflow.status(state.now).is_over());
            let kept: u64 = workflow.paid().iter().map(|(_, amount)| amount).sum();
            let owed = workflow
                .order()
                .cost
                .owed(|step| workflow.steps()[step].succeeded());
            assert_eq!(kept, workflow.order().cost.total() - owed);
            paid += kept;
        }
        let left: u64 = Currency::ALL
            .iter()
            .map(|currency| state.wallet.balance(*currency))
            .sum();
        assert_eq!(left + paid, 3 * 10_000);
        assert_eq!(state.next_change(), None);
    }
}
