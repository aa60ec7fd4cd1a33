// Each test loads or starves a whole server: two at once would only disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
