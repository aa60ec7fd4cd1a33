// Each test loads a whole server or takes its resources, so two tests at once would disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
