//! What the generated lines about steps and inputs stand on.

use std::collections::BTreeMap;

use civitai_api::Input;

use super::value::{Kind, Source};
use civitai_api::v2::types;

/// Says that a template is a step, and its input as well; and what the step makes.
macro_rules! step {
    ($template:ident) => {
        crate::workflows::request::wiring::step!(@ $template, serde_json::Value);
    };
    ($template:ident => $output:ident) => {
        crate::workflows::request::wiring::step!(@ $template, crate::workflows::types::$output);
    };
    ($template:ident($input:ident) => $output:ident) => {
        crate::workflows::request::wiring::step!(@ $template, crate::workflows::types::$output);

        impl crate::workflows::StepInput for crate::workflows::types::$input {
            type Output = crate::workflows::types::$output;

            fn into_template(self) -> crate::workflows::types::WorkflowStepTemplate {
                crate::workflows::types::$template::new(self).into()
            }
        }
    };
    (@ $template:ident, $output:ty) => {
        impl crate::workflows::StepInput for crate::workflows::types::$template {
            type Output = $output;

            fn into_template(self) -> crate::workflows::types::WorkflowStepTemplate {
                self.into()
            }
        }
    };
}

/// Says that everything that becomes an input is a step as well.
macro_rules! leaves {
    ($input:ident { $($(#[$cut:meta])* $leaf:ident),* $(,)? }) => {
        $($(#[$cut])*
        impl crate::workflows::StepInput for crate::workflows::types::$leaf {
            type Output = <crate::workflows::types::$input as crate::workflows::StepInput>::Output;

            fn into_template(self) -> crate::workflows::types::WorkflowStepTemplate {
                crate::workflows::types::$input::from(self).into_template()
            }
        })*
    };
}

/// Says what an input can be told, and which of its fields hold it.
macro_rules! takes {
    ($input:ident { $($trait:ident: $field:ident $($more:ident)?),* $(,)? }) => {
        $(crate::workflows::request::wiring::takes!(@ $trait $input $field $($more)?);)*
    };
    (@ Prompted $input:ident $field:ident) => {
        impl crate::workflows::takes::Prompted for crate::workflows::types::$input {
            fn of_prompt(prompt: crate::workflows::Source<crate::workflows::Text>) -> Self {
                let mut input = Self::default();
                crate::workflows::request::wiring::Slot::set(&mut input.$field, prompt);
                input
            }
        }
    };
    (@ Size $input:ident $width:ident $height:ident) => {
        impl crate::workflows::takes::Size for crate::workflows::types::$input {
            fn set(
                &mut self,
                width: crate::workflows::Source<i32>,
                height: crate::workflows::Source<i32>,
            ) {
                crate::workflows::request::wiring::Slot::set(&mut self.$width, width);
                crate::workflows::request::wiring::Slot::set(&mut self.$height, height);
            }
        }
    };
    (@ Seed $input:ident $field:ident $width:ident) => {
        impl crate::workflows::takes::Seed for crate::workflows::types::$input {
            type Value = $width;

            fn set(&mut self, seed: crate::workflows::Source<$width>) {
                crate::workflows::request::wiring::Slot::set(&mut self.$field, seed);
            }
        }
    };
    (@ Images $input:ident $field:ident) => {
        impl crate::workflows::takes::Images for crate::workflows::types::$input {
            fn add(&mut self, image: crate::workflows::Source<crate::workflows::Image>) {
                crate::workflows::request::wiring::Collection::add(&mut self.$field, image.into_input());
            }
        }
    };
    (@ Loras $input:ident $field:ident) => {
        impl crate::workflows::takes::Loras for crate::workflows::types::$input {
            fn add(&mut self, air: String, strength: f64) {
                let all = crate::workflows::request::wiring::Fill::fill(&mut self.$field);
                crate::workflows::request::wiring::Weights::weigh(all, air, strength);
            }
        }
    };
    (@ Trains $input:ident $field:ident) => {
        impl crate::workflows::takes::Trains for crate::workflows::types::$input {
            fn of_data(data: crate::workflows::types::TrainingData) -> Self {
                Self::new(data)
            }
        }
    };
    (@ Samples $input:ident $field:ident) => {
        impl crate::workflows::takes::Samples for crate::workflows::types::$input {
            fn add(&mut self, prompt: crate::workflows::Source<crate::workflows::Text>) {
                let samples = crate::workflows::request::wiring::Fill::fill(&mut self.$field);
                crate::workflows::request::wiring::Collection::add(&mut samples.prompts, prompt.into_input());
            }
        }
    };
    (@ $trait:ident $input:ident $field:ident) => {
        impl crate::workflows::takes::$trait for crate::workflows::types::$input {
            fn set(&mut self, value: crate::workflows::Source<crate::workflows::request::members::of::$trait>) {
                crate::workflows::request::wiring::Slot::set(&mut self.$field, value);
            }
        }
    };
}

/// Says that a type holds a resource with its strength, and whether it names the resource itself.
macro_rules! weight {
    ($item:ident $($air:ident)?) => {
        impl crate::workflows::request::wiring::Weight for crate::workflows::types::$item {
            fn new(_air: &str, strength: f64) -> Self {
                let mut item = Self::default();
                crate::workflows::request::wiring::Slot::set(&mut item.strength, strength.into());
                $(crate::workflows::request::wiring::Slot::<crate::workflows::Text>::set(&mut item.$air, _air.into());)?
                item
            }
        }
    };
}

pub(crate) use {leaves, step, takes, weight};

/// A field of an input, required or not.
pub(crate) trait Slot<K: Kind> {
    fn set(&mut self, value: Source<K>);
}

impl<K: Kind> Slot<K> for Input<K::Value> {
    fn set(&mut self, value: Source<K>) {
        *self = value.into_input();
    }
}

impl<K: Kind> Slot<K> for Option<Input<K::Value>> {
    fn set(&mut self, value: Source<K>) {
        *self = Some(value.into_input());
    }
}

/// A field that holds something to be added to; what was to come from another step is given up for
/// it.
pub(crate) trait Fill<C> {
    fn fill(&mut self) -> &mut C;
}

impl<C: Default> Fill<C> for Input<C> {
    fn fill(&mut self) -> &mut C {
        match self {
            Self::Value(value) => value,
            reference @ Self::Reference(_) => {
                *reference = Self::default();
                reference.fill()
            }
        }
    }
}

impl<C: Default> Fill<C> for Option<Input<C>> {
    fn fill(&mut self) -> &mut C {
        self.get_or_insert_default().fill()
    }
}

/// A field that holds a list.
pub(crate) trait Collection<T> {
    fn add(&mut self, item: T);
}

impl<T, F: Fill<Vec<T>>> Collection<T> for F {
    fn add(&mut self, item: T) {
        self.fill().push(item);
    }
}

/// Resources with a strength each, in one of the forms of the contract.
pub(crate) trait Weights {
    fn weigh(&mut self, air: String, strength: f64);
}

/// One of them.
pub(crate) trait Weight {
    fn new(air: &str, strength: f64) -> Self;
}

impl Weight for f64 {
    fn new(_: &str, strength: f64) -> Self {
        strength
    }
}

impl<W: Weight> Weight for Input<W> {
    fn new(air: &str, strength: f64) -> Self {
        Self::Value(W::new(air, strength))
    }
}

impl<W: Weight> Weights for Vec<W> {
    fn weigh(&mut self, air: String, strength: f64) {
        self.push(W::new(&air, strength));
    }
}

impl<W: Weight> Weights for BTreeMap<String, W> {
    fn weigh(&mut self, air: String, strength: f64) {
        let weight = W::new(&air, strength);
        self.insert(air, weight);
    }
}

/// Any step, one of an unknown type included; what it makes is known by path alone.
impl super::StepInput for types::WorkflowStepTemplate {
    type Output = serde_json::Value;

    fn into_template(self) -> types::WorkflowStepTemplate {
        self
    }
}
