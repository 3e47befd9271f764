namespace Microsoft.DotNet.Interactive;

/// <summary>Something secret that a person has typed. It is not shown unless it is asked for.</summary>
public sealed class PasswordString
{
    private readonly string _password;

    internal PasswordString(string password) => _password = password;

    /// <summary>The secret itself.</summary>
    public string GetClearTextPassword() => _password;

    /// <summary>Says that there is one, not which.</summary>
    public override string ToString() => new('*', 8);
}
