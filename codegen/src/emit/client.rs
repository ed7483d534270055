//! The client struct. Its methods stand in the `operations` modules.

use super::docs;
use crate::plan::Plan;

pub(super) fn client(plan: &Plan, support: &syn::Path) -> Vec<syn::Item> {
    let text = docs::tokens(&format!(
        "A client of {}: one method for each operation of the contract.\n\nCheap to clone; clones share connections.",
        plan.title.trim_end_matches('.'),
    ));
    let file: syn::File = syn::parse_quote! {
        use #support::Http;

        #text
        #[derive(Clone, Debug)]
        pub struct Client {
            http: Http,
        }

        impl Client {
            /// Makes a client on a transport.
            pub fn new(http: Http) -> Self {
                Self { http }
            }

            /// Returns the transport.
            pub fn http(&self) -> &Http {
                &self.http
            }
        }
    };
    file.items
}
