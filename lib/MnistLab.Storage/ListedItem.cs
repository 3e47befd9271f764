namespace MnistLab.Storage;

/// <summary>Represents an item directly below a prefix: an object, or a prefix of further objects.</summary>
/// <param name="Url">The address; it ends with a slash if the item is a prefix.</param>
/// <param name="Info">The metadata of the object; null for a prefix.</param>
public sealed record ListedItem(ObjectUrl Url, ObjectInfo? Info);
