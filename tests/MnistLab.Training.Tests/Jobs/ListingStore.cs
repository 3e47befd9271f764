using System.Reflection;
using MnistLab.Storage;

namespace MnistLab.Training.Tests;

/// <summary>
/// Represents a store in which whole prefixes must not be listed, because outputs grow with every job.
/// </summary>
public class ListingStore : DispatchProxy
{
    private IObjectStore? _store;

    /// <summary>Wraps a store.</summary>
    internal static IObjectStore Of(IObjectStore store)
    {
        var proxy = Create<IObjectStore, ListingStore>();
        ((ListingStore)(object)proxy)._store = store;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name != nameof(IObjectStore.ListAsync)
            ? targetMethod.Invoke(_store, args)
            : throw new InvalidOperationException($"Every object below {args![0]} would be listed.");
}
