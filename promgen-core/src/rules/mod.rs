//! What makes Promgen Promgen: the macro, the override tree, the checks of rules.
