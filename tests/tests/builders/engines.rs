//! Every engine of every step type, from an instance of the contract and from each function that
//! makes steps of many engines.

use std::marker::PhantomData;

use civitai_jobs::WorkflowRequest;
use civitai_jobs::workflows::{Step, takes, types};
use contract_tests::{Contract, Maker, Twist, letters, normalised, validator};
use serde_json::Value;

use crate::both_ways;
use crate::draw::Draw;
use crate::setters::{Part as _, Told, Untold as _, setters, tell};

/// How a step begins.
#[derive(Clone, Copy, Debug)]
enum Start {
    Given,
    Prompted,
    OfImage,
    Train,
}

type Engine = fn(&Value, Start, &mut Draw, &mut WorkflowRequest) -> bool;

struct Starts<I>(PhantomData<I>);

impl<I: takes::Prompted> Starts<I> {
    fn prompted(&self, draw: &mut Draw) -> Option<Step<I>> {
        Some(Step::prompted(draw.told()))
    }
}

impl<I: takes::SourceImage + Default> Starts<I> {
    fn of_image(&self, draw: &mut Draw) -> Option<Step<I>> {
        Some(Step::of_image(draw.file()))
    }
}

impl<I: takes::Trains> Starts<I> {
    fn train(&self, draw: &mut Draw) -> Option<Step<I>> {
        Some(Step::train(&draw.air(), draw.whole()))
    }
}

/// What does not begin in such a way; a method with a bound goes first.
trait NoStart<I> {
    fn prompted(&self, _: &mut Draw) -> Option<Step<I>> {
        None
    }

    fn of_image(&self, _: &mut Draw) -> Option<Step<I>> {
        None
    }

    fn train(&self, _: &mut Draw) -> Option<Step<I>> {
        None
    }
}

impl<I> NoStart<I> for Starts<I> {}

macro_rules! engine {
    ($input:ident) => {
        |given: &Value, start: Start, draw: &mut Draw, request: &mut WorkflowRequest| {
            let starts = Starts::<types::$input>(PhantomData);
            let step = match start {
                Start::Given => serde_json::from_value(given.clone()).ok().map(Step::new),
                Start::Prompted => starts.prompted(draw),
                Start::OfImage => starts.of_image(draw),
                Start::Train => starts.train(draw),
            };
            let Some(step) = step else { return false };
            let mut step = Told(step);
            setters!(tell(step, draw));
            step.add_to(request)
        }
    };
}

// All structs of the contract that are called an input.
include!(concat!(env!("OUT_DIR"), "/engines.rs"));

#[test]
fn what_is_made_of_every_engine_is_what_the_contract_has() {
    let contract = Contract::load("v2");
    let submission = validator(&normalised("v2"), "WorkflowTemplate");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    let (mut steps, mut accepted, mut refused) = (0, 0, 0);
    // What repeats a step is a recipe of the contract, and has a test of its own.
    for (name, engine) in ENGINES.iter().filter(|(name, _)| *name != "RepeatInput") {
        let schemas = contract.document().schemas();
        let schema = schemas
            .map(|(schema, _)| schema)
            .find(|schema| contract.type_letters(schema) == letters(name));
        let schema = schema.unwrap_or_else(|| panic!("no schema for {name}"));
        let (mut made, mut passed) = (0, 0);
        for start in [Start::Given, Start::Prompted, Start::OfImage, Start::Train] {
            for seed in 0..12 {
                let mut draw = Draw::new(seed);
                let given = maker.make(schema, seed).back;
                let mut request = WorkflowRequest::new();
                if !engine(&given, start, &mut draw, &mut request) {
                    break;
                }
                made += 1;
                passed += usize::from(both_ways(
                    &submission,
                    &request,
                    &format!("{name} {start:?} {seed}"),
                ));
            }
        }
        // What is part of another input is no step.
        if made > 0 {
            steps += 1;
            assert!(passed > 0, "no step of {name} was accepted");
            (accepted, refused) = (accepted + passed, refused + made - passed);
        }
    }
    println!("{steps} inputs: {accepted} steps accepted, {refused} refused by both");
    assert!(steps > 200, "{steps}");
}
