namespace MnistLab.Data;

/// <summary>The wording of what goes wrong in any store.</summary>
internal static class ObjectStoreErrors
{
    public static ObjectStoreException NotAnObject(ObjectUrl url) =>
        new(ObjectStoreError.InvalidRequest, $"{url} is a prefix, not an object. Add the object's name.");

    public static ObjectStoreException NoSuchBucket(ObjectUrl url, string location, Exception? cause = null) =>
        new(ObjectStoreError.NoSuchBucket, $"There is no bucket '{url.Bucket}' in {location}. Create it, or check the name in {url}.", cause);

    public static ObjectStoreException NoSuchKey(ObjectUrl url, string location, Exception? cause = null) =>
        new(ObjectStoreError.NoSuchKey, $"There is no object {url} in {location}. Check its name, or list {url.Parent} to see what is there.", cause);

    public static ObjectStoreException AlreadyExists(ObjectUrl url, string location, Exception? cause = null) =>
        new(ObjectStoreError.AlreadyExists, $"There is an object {url} in {location} already, and it was not to be replaced. Choose another name, or replace it.", cause);

    public static ObjectStoreException Replaced(ObjectUrl url, string location, Exception? cause = null) =>
        new(ObjectStoreError.Unavailable, $"{url} in {location} was replaced or removed while it was read. Read it again.", cause);

    public static void RequireLifetime(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, TimeSpan.FromDays(7));
    }

    public static ObjectStoreException BadRange(ObjectUrl url, ByteRange range, string location, Exception? cause = null) =>
        new(ObjectStoreError.InvalidRequest, FormattableString.Invariant($"{url} in {location} has nothing at {range.Offset} + {range.Length} bytes. Ask for a part that begins within the object."), cause);

    public static ObjectStoreException Corrupted(ObjectUrl url, string location, string difference) =>
        new(ObjectStoreError.Corrupted, $"{location} did not keep {url} as it was sent ({difference}), so it was removed. Upload it again.");

    public static ObjectStoreException Failed(ObjectUrl url, string location, Exception cause) =>
        new(ObjectStoreError.Unavailable, $"{location} failed with {url}: {cause.Message} Check that it can be reached and written to, and that there is space.", cause);
}
