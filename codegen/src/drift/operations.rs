//! Compares operations: parameters, bodies and replies.

use std::collections::BTreeSet;

use super::compare::Comparison;
use super::detail::{Detail, Way};
use super::location::Location;
use super::operation::{Body, Mark, Operation};

fn known(mark: Option<&Mark>) -> Option<String> {
    mark.map(|mark| mark.source.clone())
}

/// Compares every operation of either side.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (ours, vendors) = (comparison.ours, comparison.vendors);
    let routes: BTreeSet<_> = ours
        .operations
        .keys()
        .chain(vendors.operations.keys())
        .collect();
    for route in routes {
        let method = route.1;
        match (ours.operations.get(route), vendors.operations.get(route)) {
            (Some(ours), Some(vendors)) => {
                let at = Location::operation(method, &ours.path);
                parameters(comparison, &at, ours, vendors);
                body(comparison, &at, ours.body.as_ref(), vendors.body.as_ref());
                replies(comparison, &at, ours, vendors);
            }
            (Some(ours), None) => {
                let at = Location::operation(method, &ours.path);
                let detail = Detail::extra("operation", true);
                comparison.push(&at, detail.known(known(ours.extension.as_ref())));
            }
            (None, Some(vendors)) => {
                let at = Location::operation(method, &vendors.path);
                comparison.push(&at, Detail::missing("operation", false));
            }
            (None, None) => {}
        }
    }
}

fn parameters(
    comparison: &mut Comparison<'_>,
    at: &Location,
    ours: &Operation,
    vendors: &Operation,
) {
    let keys: BTreeSet<_> = ours
        .parameters
        .keys()
        .chain(vendors.parameters.keys())
        .collect();
    for key in keys {
        let (ours, vendors) = (ours.parameters.get(key), vendors.parameters.get(key));
        let Some(name) = ours.or(vendors).map(|parameter| &parameter.name) else {
            continue;
        };
        let at = at.part(format!("param {name}"));
        match (ours, vendors) {
            (Some(ours), Some(vendors)) => {
                if ours.place != vendors.place {
                    let (place, now) = (ours.place.clone(), vendors.place.clone());
                    let moved = Detail::changed("place", Some(place), Some(now), true);
                    comparison.push(&at, moved);
                }
                comparison.extend(
                    &at,
                    obligation(ours.required, vendors.required, Way::REQUEST),
                );
                comparison.message(&at, &ours.component, &vendors.component, Way::REQUEST);
            }
            (Some(ours), None) => {
                let detail = Detail::extra("parameter", true);
                comparison.push(&at, detail.known(known(ours.extension.as_ref())));
            }
            (None, Some(vendors)) => {
                comparison.push(&at, missing("parameter", vendors.required));
            }
            (None, None) => {}
        }
    }
}

fn body(
    comparison: &mut Comparison<'_>,
    at: &Location,
    ours: Option<&Body>,
    vendors: Option<&Body>,
) {
    let at = at.part("body".to_owned());
    match (ours, vendors) {
        (Some(ours), Some(vendors)) => {
            comparison.extend(
                &at,
                obligation(ours.required, vendors.required, Way::REQUEST),
            );
            comparison.extend(&at, media(&ours.media, &vendors.media));
            comparison.message(&at, &ours.component, &vendors.component, Way::REQUEST);
        }
        (Some(_), None) => comparison.push(&at, Detail::extra("body", true)),
        (None, Some(vendors)) => comparison.push(&at, missing("body", vendors.required)),
        (None, None) => {}
    }
}

fn replies(comparison: &mut Comparison<'_>, at: &Location, ours: &Operation, vendors: &Operation) {
    let statuses: BTreeSet<_> = ours.replies.keys().chain(vendors.replies.keys()).collect();
    for status in statuses {
        let at = at.part(format!("response {status}"));
        let success = status.starts_with('2');
        let (ours, vendors) = match (ours.replies.get(status), vendors.replies.get(status)) {
            (Some(ours), Some(vendors)) => (&ours.content, &vendors.content),
            (Some(ours), None) => {
                let detail = Detail::extra("status", success);
                comparison.push(&at, detail.known(known(ours.extension.as_ref())));
                continue;
            }
            _ => {
                comparison.push(&at, Detail::missing("status", false));
                continue;
            }
        };
        match (ours, vendors) {
            (Some((ours_media, ours)), Some((vendors_media, vendors))) => {
                comparison.extend(&at, media(ours_media, vendors_media));
                comparison.message(&at, ours, vendors, Way::REPLY);
            }
            (Some(_), None) => comparison.push(&at, Detail::extra("type", true)),
            (None, Some(_)) => comparison.push(&at, Detail::missing("type", false)),
            (None, None) => {}
        }
    }
}

/// Something that only the vendor's document has, with whether it is required.
pub(super) fn missing(what: &str, required: bool) -> Detail {
    if required {
        Detail::missing(&format!("required {what}"), true)
    } else {
        Detail::missing(what, false)
    }
}

/// Whether what may be left out differs.
pub(super) fn obligation(ours: bool, vendors: bool, way: Way) -> Option<Detail> {
    let word = |required| if required { "required" } else { "optional" }.to_owned();
    (ours != vendors).then(|| Detail {
        message: format!("{} became {}", word(ours), word(vendors)),
        ..Detail::changed(
            "",
            Some(word(ours)),
            Some(word(vendors)),
            way.breaks(vendors, ours),
        )
    })
}

fn media(ours: &str, vendors: &str) -> Option<Detail> {
    let (before, after) = (Some(ours.to_owned()), Some(vendors.to_owned()));
    (ours != vendors).then(|| Detail::changed("media type", before, after, true))
}
