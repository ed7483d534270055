//! Which kinds of values go where: what the compiler is asked, answered for all pairs.

use std::marker::PhantomData;

use civitai_jobs::workflows::{
    Archive, Audio, Deferred, DraftCache, Image, Model, Model3d, Sound, Source, Text, Video, Visual,
};

/// Whether a deferred value of one kind is taken for a source of another.
struct Fits<From, Into>(PhantomData<(From, Into)>);

impl<From, Into> Fits<From, Into>
where
    Source<Into>: std::convert::From<Deferred<From>>,
    Into: civitai_jobs::workflows::Kind,
{
    const ANSWER: bool = true;
}

/// The answer where there is no other.
trait Otherwise {
    const ANSWER: bool = false;
}

impl<From, Into> Otherwise for Fits<From, Into> {}

macro_rules! fitting {
    ([$($from:ident)*] $into:tt) => {
        [$(fitting!(@row $from $into)),*].concat()
    };
    (@row $from:ident [$($into:ident)*]) => {
        [$((stringify!($from), stringify!($into), Fits::<$from, $into>::ANSWER)),*]
    };
}

#[test]
fn kinds_do_not_mix() {
    let all = fitting!(
        [Image Video Audio Text Model Model3d Archive DraftCache Visual Sound bool i32 i64 f64]
        [Image Video Audio Text Model Model3d Archive DraftCache Visual Sound bool i32 i64 f64]
    );
    let wider: Vec<_> = all
        .iter()
        .filter(|(from, into, fits)| *fits && from != into)
        .map(|(from, into, _)| format!("{from} as {into}"))
        .collect();
    assert_eq!(
        wider,
        [
            "Image as Visual",
            "Video as Visual",
            "Video as Sound",
            "Audio as Sound",
            "i32 as i64",
            "i32 as f64",
            "i64 as f64",
        ]
    );
    assert!(
        all.iter().all(|(from, into, fits)| *fits || from != into),
        "{all:?}"
    );
}
