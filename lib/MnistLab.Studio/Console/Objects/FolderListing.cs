using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Represents the direct content of a folder, which is read page by page.</summary>
internal sealed class FolderListing(IAsyncEnumerable<ListedItem> items)
{
    /// <summary>The number of items per page.</summary>
    public const int PageSize = 200;

    private readonly IAsyncEnumerator<ListedItem> _source = items.GetAsyncEnumerator();
    private bool _isStarted;

    /// <summary>Gets the items read so far.</summary>
    public IReadOnlyCollection<ListedItem> Items { get; private set; } = [];

    /// <summary>Gets whether there are further items.</summary>
    public bool HasMore { get; private set; } = true;

    /// <summary>Reads the next page, off the caller's thread, because a folder on disk is read synchronously.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        // The component may render while the next page is read, so the list is replaced rather than modified.
        (Items, HasMore) = await Task.Run(ReadPageAsync, cancellationToken);
    }

    private async Task<(IReadOnlyCollection<ListedItem> Items, bool HasMore)> ReadPageAsync()
    {
        var hasMore = _isStarted ? HasMore : await _source.MoveNextAsync();
        _isStarted = true;
        var items = new List<ListedItem>(Items);
        for (var count = 0; count < PageSize && hasMore; count++)
        {
            items.Add(_source.Current);
            hasMore = await _source.MoveNextAsync();
        }

        return (items, hasMore);
    }
}
