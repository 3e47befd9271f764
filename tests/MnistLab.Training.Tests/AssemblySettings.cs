// TorchSharp's random generator is one for the whole process: two runs at once would disturb each other's weights.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
