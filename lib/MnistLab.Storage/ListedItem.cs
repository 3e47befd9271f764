namespace MnistLab.Storage;

/// <summary>What lies directly below a prefix: an object, or a prefix of further objects.</summary>
/// <param name="Url">Where it is; ends with a slash if it is a prefix.</param>
/// <param name="Info">What is known of the object; null for a prefix.</param>
public sealed record ListedItem(ObjectUrl Url, ObjectInfo? Info);
