home-title = Home
home-projects = { $count ->
    [one] 1 project
   *[other] { $count } projects
}
home-rules = { $count ->
    [one] 1 rule
   *[other] { $count } rules
}
home-notifiers = { $count ->
    [one] 1 notifier
   *[other] { $count } notifiers
}
home-unheard = The service has no notifier: nobody hears about projects that have none of their own.
home-empty = You are subscribed to no service yet
home-empty-next = Services that you subscribe to are shown here with their alerts. Open one and choose “Subscribe to notifications” among its actions, or register one of your own.
home-services = All services
home-datasources = Datasources
home-register = Register service
