using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>What lies directly in a folder, read page by page.</summary>
internal sealed class FolderListing(IAsyncEnumerable<ListedItem> items)
{
    /// <summary>The number of items that are read at a time.</summary>
    public const int PageSize = 200;

    private readonly IAsyncEnumerator<ListedItem> _source = items.GetAsyncEnumerator();
    private readonly List<ListedItem> _items = [];
    private bool _isStarted;

    /// <summary>Gets what has been read so far.</summary>
    public IReadOnlyCollection<ListedItem> Items => _items;

    /// <summary>Gets whether there are further items.</summary>
    public bool HasMore { get; private set; } = true;

    /// <summary>Reads the next page, off the caller's thread: a folder of a disk is read without waiting.</summary>
    public Task ReadAsync(CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            if (!_isStarted) HasMore = await _source.MoveNextAsync();
            _isStarted = true;
            for (var count = 0; count < PageSize && HasMore; count++)
            {
                _items.Add(_source.Current);
                HasMore = await _source.MoveNextAsync();
            }
        },
        cancellationToken);
}
