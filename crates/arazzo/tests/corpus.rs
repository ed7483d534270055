//! Documents that others have published, where they are at hand: each is checked without a panic, and what
//! is known to be wrong with it is found.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
#![allow(clippy::print_stdout, reason = "a skipped test must be seen")]

use std::path::{Path, PathBuf};

use arazzo_run::{Flow, Report, Rule};

/// The folder with the documents, where it is at hand.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/arazzo");
    if !folder.exists() {
        println!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

fn check(folder: &Path, file: &str, contracts: &[(&str, &str)]) -> Report {
    let mut builder = Flow::builder(folder.join(file));
    for (name, contract) in contracts {
        builder = builder.contract(*name, folder.join(contract));
    }
    builder.load().unwrap().check()
}

/// What must be found: rule, part of the place, part of the sentence.
type Expected = (Rule, &'static str, &'static str);

struct Case {
    file: &'static str,
    contracts: &'static [(&'static str, &'static str)],
    expected: &'static [Expected],
}

const CASES: &[Case] = &[
    Case {
        file: "oai-pet-coupons/pet-coupons.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::UndeclaredParameter,
                "/steps/0/parameters/0",
                "pet_tags",
            ),
            (Rule::UndeclaredParameter, "/steps/1/parameters/0", "pet_id"),
            (Rule::MissingPathParameter, "/steps/1", "petId"),
        ],
    },
    Case {
        file: "oai-bnpl/bnpl-arazzo.yaml",
        contracts: &[("BnplApi", "oai-bnpl/bnpl-openapi.yaml")],
        expected: &[
            (
                Rule::QuotedValue,
                "/steps/0/requestBody/payload",
                "customer",
            ),
            (
                Rule::QuotedValue,
                "/steps/0/requestBody/payload",
                "products",
            ),
            (Rule::RootFilter, "/steps/0/onSuccess/1", "> 0"),
            (Rule::RootFilter, "/steps/0/onSuccess/2", "== 0"),
            (
                Rule::ImpossiblePath,
                "/steps/0/outputs/eligibleProducts",
                "products",
            ),
            (Rule::MissingParameter, "/steps/4", "AuthorizationToken"),
            (
                Rule::ForwardReference,
                "/steps/4/parameters/0/value",
                "redirectAuthToken",
            ),
            (
                Rule::UndeclaredOutput,
                "/steps/5/parameters/0/value",
                "loanTransactionId",
            ),
            (
                Rule::UndeclaredOutput,
                "/steps/6/parameters/0/value",
                "loanTransactionId",
            ),
            (
                Rule::MissingMember,
                "/steps/6/requestBody/payload",
                "status",
            ),
            (Rule::ShortForm, "/outputs/finalizedPaymentPlan", "outputs"),
            (
                Rule::Skippable,
                "/steps/3/requestBody/payload",
                "createCustomer",
            ),
        ],
    },
    Case {
        file: "oai-oauth/oauth.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::UnprovedPath,
                "/workflows/0/steps/1/outputs/access_token",
                "access_token",
            ),
            (
                Rule::UnprovedPath,
                "/workflows/2/steps/1/outputs/expires_in",
                "expires_in",
            ),
            (
                Rule::MissingMember,
                "/workflows/0/steps/1/requestBody",
                "client_id",
            ),
            (
                Rule::RootFilter,
                "/workflows/0/steps/1/successCriteria/1",
                "access_token",
            ),
        ],
    },
    Case {
        file: "oai-fapi-par/FAPI-PAR.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::UnknownOperation,
                "/steps/0/operationId",
                "it has `Par`",
            ),
            (Rule::ImpossiblePath, "/steps/1/outputs/code", "has no body"),
            (Rule::MissingParameter, "/steps/2", "Content-Type"),
        ],
    },
    Case {
        file: "oai-login-pets/LoginAndRetrievePets.arazzo.yaml",
        contracts: &[(
            "petStoreDescription",
            "oai-login-pets/petstore.openapi.yaml",
        )],
        expected: &[(
            Rule::UnknownOperation,
            "/steps/1/operationPath",
            "the method is missing",
        )],
    },
    Case {
        file: "oai-extended-parameters/ExtendedParametersExample.arazzo.yaml",
        contracts: &[],
        expected: &[(Rule::UnreadSource, "/sourceDescriptions/0", "animals.yaml")],
    },
    Case {
        file: "redocly-museum/museum-api.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::ForeignForm,
                "/workflows/0/steps/0/operationId",
                "museum-api.getMuseumHours",
            ),
            (
                Rule::RootFilter,
                "/workflows/1/steps/1/successCriteria/1",
                "Mermaid",
            ),
            (
                Rule::RootFilter,
                "/workflows/1/steps/3/successCriteria/1",
                "Orca",
            ),
            (
                Rule::Dialect,
                "/workflows/1/steps/3/successCriteria/1/type",
                "goessner",
            ),
        ],
    },
    Case {
        file: "redocly-museum/museum-tickets.arazzo.yaml",
        contracts: &[],
        expected: &[],
    },
    Case {
        file: "redocly-cafe-1.1/cafe-workflows.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::Structure,
                "/workflows/0/steps/2/onFailure/0/parameters",
                "workflowId",
            ),
            (Rule::UnreadSource, "/sourceDescriptions/1", "AsyncAPI"),
            (
                Rule::Unsupported,
                "/workflows/2/steps/0/channelPath",
                "AsyncAPI",
            ),
        ],
    },
    Case {
        file: "jentic-train/train.arazzo.yaml",
        contracts: &[],
        expected: &[
            (Rule::Name, "/workflows/0/workflowId", "Plan a Trip"),
            (
                Rule::UndeclaredStatus,
                "/workflows/0/steps/2/successCriteria/0",
                "201",
            ),
            (Rule::UndeclaredStatus, "/successCriteria/0", "204"),
            (
                Rule::UndeclaredInput,
                "/workflows/0/steps/2/requestBody/payload",
                "create_booking_body",
            ),
        ],
    },
    Case {
        file: "jentic-xkcd/xkcd.arazzo.yaml",
        contracts: &[],
        expected: &[
            (Rule::Structure, "/workflows/0/outputs/date", "expression"),
            (
                Rule::ForeignForm,
                "/workflows/0/steps/0/operationPath",
                "xkcdApi#/paths",
            ),
            (Rule::ShortForm, "/workflows/0/outputs/title", "outputs"),
        ],
    },
    Case {
        file: "jentic-nyt/newyork_times.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::ForeignForm,
                "/workflows/0/steps/0/operationPath",
                "openapi_source#/paths",
            ),
            (
                Rule::Name,
                "/workflows/0/workflowId",
                "Search Articles by Keyword",
            ),
        ],
    },
    Case {
        file: "jentic-spotify/spotify.arazzo.yaml",
        contracts: &[],
        expected: &[
            (
                Rule::UnqualifiedOperation,
                "/workflows/1/steps/0/operationId",
                "spotifyApi.search",
            ),
            (
                Rule::DotPath,
                "/workflows/0/steps/0/outputs/access_token",
                "#/access_token",
            ),
            (
                Rule::ShortForm,
                "/workflows/0/outputs/access_token",
                "outputs",
            ),
            (
                Rule::NoExpression,
                "/workflows/1/steps/0/parameters/3/value",
                "$dependencies",
            ),
        ],
    },
    Case {
        file: "jentic-cross-source/cross_source/cross_source.arazzo.yaml",
        contracts: &[
            ("petstore", "jentic-petstore/petstore.openapi.yaml"),
            ("users", "jentic-cross-source/mock_apis/users.openapi.yaml"),
        ],
        expected: &[(Rule::UnprovedPath, "/steps/0/outputs/firstPetId", "/0/id")],
    },
    Case {
        file: "jentic-petstore/operation_id.arazzo.yaml",
        contracts: &[("petstore", "jentic-petstore/petstore.openapi.yaml")],
        expected: &[(Rule::UnprovedPath, "/steps/1/outputs/petTag", "/tag")],
    },
    Case {
        file: "jentic-petstore/single_source.arazzo.yaml",
        // Its source is the address of a server.
        contracts: &[],
        expected: &[(
            Rule::UnreadSource,
            "/sourceDescriptions/0",
            "https://petstore.example.com/v1",
        )],
    },
];

#[test]
fn what_is_wrong_with_published_documents_is_found() {
    let Some(folder) = corpus() else {
        return;
    };
    for case in CASES {
        let report = check(&folder, case.file, case.contracts);
        for (rule, place, words) in case.expected {
            let fits = |found: &arazzo_run::Finding| {
                found.rule() == *rule
                    && found.place().pointer().contains(place)
                    && found.message().contains(words)
            };
            let found = report.findings().iter().find(|found| fits(found));
            assert!(
                found.is_some(),
                "{}: {rule:?} {place} {words}\n{report:#?}",
                case.file
            );
            assert!(
                found.unwrap().place().line().is_some(),
                "{}: {found:?}",
                case.file
            );
        }
    }
}

/// Every Arazzo document below the folder, with no help at all.
#[test]
fn every_published_document_is_checked() {
    let Some(folder) = corpus() else {
        return;
    };
    let (mut waiting, mut checked) = (vec![folder], 0);
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap();
            waiting.extend(entries.map(|entry| entry.unwrap().path()));
        } else if is_arazzo(&path) {
            let report = Flow::load(&path).unwrap().check();
            checked += 1;
            println!("{}: {} findings", path.display(), report.findings().len());
        }
    }
    assert!(checked >= CASES.len(), "{checked}");
}

fn is_arazzo(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let text = || std::fs::read_to_string(path).unwrap();
    matches!(ending, Some("yaml" | "yml" | "json"))
        && !path.to_string_lossy().contains("_schemas")
        && text()
            .lines()
            .any(|line| line.trim_start().starts_with("arazzo:"))
}

#[test]
fn a_document_without_defects_has_no_findings() {
    let Some(folder) = corpus() else {
        return;
    };
    let report = check(&folder, "redocly-museum/museum-tickets.arazzo.yaml", &[]);
    assert_eq!(report.findings(), []);
}
