probes-help = Modules of the blackbox exporter, by which URLs are probed.
probes-none = There are no probes.
probes-module = Module
probes-module-help = As the configuration of the blackbox exporter calls it.
probes-description = Description
probes-new = Add probe
probes-edit = Edit probe
probes-save = Save probe
probes-saved = Probe { $name } is saved.
probes-delete = Delete probe
probes-delete-title = Delete probe { $name }?
probes-deleted = Probe { $name } is deleted.
probes-delete-text = { $count ->
    [one] { $count } URL uses it. One that is used is kept.
   *[other] { $count } URLs use it. One that is used is kept.
}
