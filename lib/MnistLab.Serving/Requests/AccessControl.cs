using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Accepts only requests that carry the token (<c>X-Auth-Token</c>, or <c>Authorization: Bearer</c>) or the app code
/// (<c>X-Apig-AppCode</c>), if the service has one. A service that other machines can reach must have one.
/// </summary>
internal sealed class AccessControl
{
    public const string TokenHeader = "X-Auth-Token";
    public const string AppCodeHeader = "X-Apig-AppCode";
    private const string Bearer = "Bearer ";

    private readonly byte[]? _token;
    private readonly byte[]? _appCode;

    /// <exception cref="ArgumentException">The address is invalid, other machines can reach it although there is no
    /// secret, or a secret is too short.</exception>
    public AccessControl(AccessSettings? settings)
    {
        settings ??= new AccessSettings();
        if (!IPAddress.TryParse(settings.Address, out var address))
            throw new ArgumentException(
                $"'{settings.Address}' is not a valid IP address to listen on: use 127.0.0.1, or 0.0.0.0 for all networks.");
        if (settings.Token is { Length: < AccessSettings.ShortestSecret }
            || settings.AppCode is { Length: < AccessSettings.ShortestSecret })
            throw new ArgumentException($"A token or app code must have at least {AccessSettings.ShortestSecret} characters.");
        if (!IPAddress.IsLoopback(address) && settings.Token is null && settings.AppCode is null)
            throw new ArgumentException($"Other machines can reach {address}: give the service a token or an app code.");
        (Address, _token, _appCode) = (address, HashOf(settings.Token), HashOf(settings.AppCode));
    }

    /// <summary>Gets the IP address to listen on.</summary>
    public IPAddress Address { get; }

    /// <summary>Gets whether requests must carry a secret.</summary>
    public bool IsRequired => _token is not null || _appCode is not null;

    /// <summary>
    /// Rejects requests without a valid secret, unless their endpoint allows anonymous requests; add it after routing.
    /// </summary>
    /// <remarks>
    /// Not an authentication handler of ASP.NET Core: there are no identities here, and a principal, a ticket, and a
    /// policy evaluation for each request would only confirm that the secret is valid.
    /// </remarks>
    public void Use(IApplicationBuilder app)
    {
        if (!IsRequired) return;
        app.Use((context, next) =>
        {
            var isAnonymous = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            if (isAnonymous || IsAllowed(context.Request.Headers)) return next(context);
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new RequestRejectedException(
                StatusCodes.Status401Unauthorized,
                PredictionErrorCode.Unauthorized,
                $"The request carries no valid token: send it in {TokenHeader}, or the app code in {AppCodeHeader}.");
        });
    }

    /// <summary>Returns whether a request carries a valid secret.</summary>
    public bool IsAllowed(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        var token = headers[TokenHeader].Count > 0 || !authorization.StartsWith(
            Bearer,
            StringComparison.OrdinalIgnoreCase) ? headers[TokenHeader].ToString() : authorization[Bearer.Length..];
        // Both comparisons are always evaluated, so that the time reveals nothing about which secret is valid.
        return Fits(token, _token) | Fits(headers[AppCodeHeader].ToString(), _appCode);
    }

    // Hashes have the same length, so the time of the comparison does not reveal the length of the secret either.
    private static bool Fits(string given, byte[]? expected) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(HashOf(given), expected);

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(secret))]
    private static byte[]? HashOf(string? secret) => secret is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
