//! The client struct. Its methods stand in the `operations` modules.

use quote::quote;

use super::{attributes, constants};
use crate::model::Model;

pub(super) fn client(model: &Model, support: &syn::Path) -> Vec<syn::Item> {
    let (title, servers) = (&model.title, &model.servers);
    let (named, variable) = constants::used(servers);
    let known = (!servers.is_empty()).then(|| {
        let servers = servers.iter().map(constants::server);
        quote! {
            /// The servers that the contract names, the usual one first.
            pub const SERVERS: &[Server] = &[#(#servers),*];
        }
    });
    let envelope = model.envelope.as_ref().map(|envelope| {
        let (result, state) = (&envelope.result, &envelope.state);
        let (failed, message) = (&envelope.failed, &envelope.message);
        quote! {
            Some(#support::Envelope {
                result: #result,
                state: #state,
                failed: &[#(#failed),*],
                message: &[#(#message),*],
            })
        }
    });
    let has_facts = envelope.is_some() || !model.waiters.is_empty();
    let envelope = envelope.unwrap_or_else(|| quote!(None));
    let facts = has_facts.then(|| {
        quote! {
            /// What the transport needs to know of the contract.
            static FACTS: #support::Facts = #support::Facts {
                operations: super::operation::ALL,
                envelope: #envelope,
            };
        }
    });
    let http = match facts {
        Some(_) => quote!(Self {
            http: http.knowing(&FACTS)
        }),
        None => quote!(Self { http }),
    };
    let text = attributes::docs(&format!(
        "A client of {}: one method for each operation of the contract.\n\nCheap to clone; clones share connections.",
        title.trim_end_matches('.'),
    ));
    let file: syn::File = syn::parse_quote! {
        use #support::{Http, #named #variable};

        #facts

        #text
        #[derive(Clone, Debug)]
        pub struct Client {
            http: Http,
        }

        impl Client {
            #known

            /// Creates a client on a transport.
            pub fn new(http: Http) -> Self {
                #http
            }

            /// Returns the transport.
            pub fn http(&self) -> &Http {
                &self.http
            }
        }
    };
    file.items
}
