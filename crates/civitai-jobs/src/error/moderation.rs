//! Refusals for what a request asks to show.

use civitai_api::Problem;

/// The service has no code for such a refusal; these parts of words stand in what it says.
const WORDS: [&str; 7] = [
    "moderat",
    "prohibited",
    "inappropriate",
    "flagged",
    "blocked",
    "content policy",
    "nsfw",
];
/// Statuses under which a request is refused for what it holds.
const STATUSES: [u16; 4] = [400, 403, 422, 451];

/// Whether the content of the request was refused, which no repetition changes.
pub(super) fn is_refusal(error: &civitai_api::Error) -> bool {
    let status = error.status().map(|status| status.as_u16());
    status.is_some_and(|status| STATUSES.contains(&status))
        && error.problem().is_some_and(speaks_of_content)
}

fn speaks_of_content(problem: &Problem) -> bool {
    let texts = [&problem.kind, &problem.title, &problem.detail];
    let texts = texts.into_iter().flatten();
    let of_fields = problem.errors.values().flatten();
    let extra = problem.extra.values().filter_map(|value| value.as_str());
    texts
        .chain(of_fields)
        .map(String::as_str)
        .chain(extra)
        .any(|text| {
            let text = text.to_lowercase();
            WORDS.iter().any(|word| text.contains(word))
        })
}
