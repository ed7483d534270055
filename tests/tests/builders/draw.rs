//! Random values for builders: most of them usual, some at a limit, some beyond it.

use std::collections::BTreeSet;

use civitai_jobs::Air;
use civitai_jobs::workflows::{Deferred, Kind, Source};

/// Draws values; the same seed draws the same ones.
#[derive(Debug)]
pub(crate) struct Draw {
    random: fastrand::Rng,
    /// The step that others may take values from.
    pub(crate) earlier: Option<String>,
    /// The setters that were used.
    pub(crate) used: BTreeSet<&'static str>,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            earlier: None,
            used: BTreeSet::new(),
        }
    }

    /// Whether something happens that does once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.random.usize(..times) == 0
    }

    pub(crate) fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        self.random.choice(values).unwrap().clone()
    }

    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        self.random.usize(..=most)
    }

    pub(crate) fn text(&mut self) -> String {
        let long = "漢".repeat(300);
        let texts = [
            "a lighthouse in fog",
            "\"quotes\" & \\ 😀\n",
            "x",
            "0",
            &long,
        ];
        self.one_of(&texts).to_owned()
    }

    pub(crate) fn word(&mut self) -> String {
        self.one_of(&["fogtower", "en", "a-b_c", "sdxl"]).to_owned()
    }

    pub(crate) fn link(&mut self) -> String {
        let links = ["https://example.com/a.png", "https://example.com/b?c=d%20e"];
        self.one_of(&links).to_owned()
    }

    pub(crate) fn air(&mut self) -> Air {
        let airs = [
            "urn:air:sd1:checkpoint:civitai:4384@128713",
            "urn:air:sdxl:lora:civitai:82098@87153",
            "urn:air:flux1:lora:civitai:1@2",
            "urn:air:other:other:civitai:5@6.safetensors",
        ];
        self.one_of(&airs).parse().unwrap()
    }

    /// A text, a link or what an earlier step makes.
    pub(crate) fn told<K: Kind>(&mut self) -> Source<K>
    where
        Source<K>: From<String>,
    {
        let text = if self.once_in(2) {
            self.link()
        } else {
            self.text()
        };
        self.or_earlier(text)
    }

    pub(crate) fn file<K: Kind>(&mut self) -> Source<K>
    where
        Source<K>: From<String>,
    {
        let link = self.link();
        self.or_earlier(link)
    }

    pub(crate) fn whole<K: Kind>(&mut self) -> Source<K>
    where
        Source<K>: From<i32>,
    {
        let number = self.number();
        self.or_earlier(number)
    }

    /// A whole number that some member takes.
    pub(crate) fn number(&mut self) -> i32 {
        let usual = [1, 2, 2, 3, 3, 4, 5, 8, 10, 20, 24, 64, 512, 768, 1024, 2048];
        let rare = [-1, 0, 150, 151, 1_000_000, i32::MAX];
        if self.once_in(8) {
            self.one_of(&rare)
        } else {
            self.one_of(&usual)
        }
    }

    /// A number with a fraction that some member takes.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.one_of(&[0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 3.5, 7.0, 30.0, 30.5, -0.25])
    }

    pub(crate) fn some_fraction(&mut self) -> Source<f64> {
        let fraction = self.fraction();
        self.or_earlier(fraction)
    }

    pub(crate) fn flag(&mut self) -> Source<bool> {
        let flag = self.random.bool();
        self.or_earlier(flag)
    }

    fn or_earlier<K: Kind, V: Into<Source<K>>>(&mut self, value: V) -> Source<K> {
        match self.earlier.clone() {
            Some(step) if self.once_in(5) => Deferred::<K>::named(step, "output.message").into(),
            _ => value.into(),
        }
    }
}
