using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(MnistLab.EndToEnd.LongestFirst))]

namespace MnistLab.EndToEnd;

/// <summary>
/// Starts the classes that take minutes before all others, so that none of them runs alone at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(FullDatasetTests), nameof(PortabilityTests), nameof(ChainTests), nameof(CourseInStudioTests),
        nameof(JupyterTests), nameof(NotebookInTheBrowserTests), nameof(SoakTests), nameof(KernelToolTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Place).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    // Each class is a collection that is named after it.
    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal))
            is var found and >= 0 ? found : Longest.Length;
}
