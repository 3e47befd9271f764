namespace MnistLab.Hosting;

/// <summary>Finds the valid name that is closest to a mistyped one.</summary>
public static class NearestName
{
    /// <summary>
    /// Returns "Did you mean 'x'? " for the nearest name, or an empty string if no name is close enough.
    /// </summary>
    /// <param name="name">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static string Suggest(string name, IReadOnlyCollection<string> names) =>
        Find(name, names) is { } nearest ? $"Did you mean '{nearest}'? " : "";

    /// <summary>Returns the nearest name; null if no name is close enough.</summary>
    /// <param name="name">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static string? Find(string name, IReadOnlyCollection<string> names)
    {
        var nearest = names.MinBy(known => Distance(name, known));
        if (nearest is null) return null;
        // Up to a third of the characters may differ, but not all. A short form, such as max_steps, may differ more,
        // but all its words occur in the full name.
        var distance = Distance(name, nearest);
        return distance <= Math.Max(1, nearest.Length / 3) && distance < nearest.Length
            ? nearest
            : names.FirstOrDefault(known => !Words(name).Except(Words(known)).Any());
    }

    /// <summary>
    /// Returns the minimum number of insertions, deletions, replacements, and swaps of adjacent characters (optimal
    /// string alignment distance), ignoring case, hyphens, and underscores.
    /// </summary>
    private static int Distance(string first, string second)
    {
        var (a, b) = (Plain(first), Plain(second));
        var costs = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) costs[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) costs[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = costs[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(replaced, 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }

        return costs[a.Length, b.Length];
    }

    private static string Plain(string name) => string.Concat(Words(name));

    private static string[] Words(string name) => name.ToLowerInvariant().Split('_', '-');
}
