namespace MnistLab.Storage;

/// <summary>Creates the exceptions that the stores have in common.</summary>
internal static class ObjectStoreErrors
{
    public static ObjectStoreException NotAnObject(ObjectUrl url) =>
        new(ObjectStoreError.InvalidRequest, $"{url} is a prefix, not an object. Add the object's name.");

    public static ObjectStoreException NoSuchBucket(ObjectUrl url, string location, Exception? cause = null) =>
        new(
            ObjectStoreError.NoSuchBucket,
            $"There is no bucket '{url.Bucket}' in {location}. Create it, or check the name in {url}.",
            cause);

    public static ObjectStoreException NoSuchKey(ObjectUrl url, string location, Exception? cause = null) =>
        new(
            ObjectStoreError.NoSuchKey,
            $"There is no object {url} in {location}. Check its name, or list {url.Parent} to see what is there.",
            cause);

    public static ObjectStoreException AlreadyExists(ObjectUrl url, string location, Exception? cause = null) =>
        new(
            ObjectStoreError.AlreadyExists,
            $"The object {url} already exists in {location}, and replacing it was not allowed. Choose another name, or replace it.",
            cause);

    public static ObjectStoreException Replaced(ObjectUrl url, string location, Exception? cause = null) =>
        new(ObjectStoreError.Unavailable, $"{url} in {location} was replaced or removed while it was being read. Read it again.", cause);

    public static ObjectStoreException BadRange(ObjectUrl url, ByteRange range, string location, Exception? cause = null) =>
        new(ObjectStoreError.InvalidRequest, FormattableString.Invariant(
            $"{url} in {location} has no data at {range.Offset} + {range.Length} bytes. Request a range that begins within the object."), cause);

    /// <summary>Two keys denote the same file on the disk.</summary>
    public static ObjectStoreException Alias(ObjectUrl url, string location, string existing) => new(
        ObjectStoreError.NotSupported,
        $"{url} was not written: the disk of {location} ignores case, and {existing} already exists. "
        + "Choose a name that differs in more than case.");

    /// <summary>The server received something other than what was sent, and wrote nothing.</summary>
    public static ObjectStoreException Damaged(ObjectUrl url, string location, string what, Exception cause) => new(
        ObjectStoreError.Corrupted,
        $"{url} was not written: {location} received {what} damaged each time it was sent. The previous content is unchanged. "
        + "Check what lies between this machine and the server, such as a proxy, and upload it again.",
        cause);

    /// <summary>
    /// The server confirmed the object but stores something else. The object stays, as deleting it could destroy more.
    /// </summary>
    public static ObjectStoreException Differs(ObjectUrl url, string location, long sent, long? stored) => new(
        ObjectStoreError.Corrupted,
        FormattableString.Invariant($"{location} does not hold {url} as it was sent: {sent} bytes were sent, ")
        + (stored is { } length ? FormattableString.Invariant($"and it holds {length}. ") : "and there is no such object. ")
        + "Nothing was deleted. Read the object before you rely on it, or upload it again.");

    public static ObjectStoreException Failed(ObjectUrl url, string location, Exception cause) =>
        new(
            ObjectStoreError.Unavailable,
            $"{location} failed with {url}: {cause.Message} Check that it can be reached and written to, and that there is space.",
            cause);
}
