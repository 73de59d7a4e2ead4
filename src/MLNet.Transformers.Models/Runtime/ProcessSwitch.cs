namespace MLNet.Transformers.Models.Runtime;

/// <summary>What a user can say no to for the whole process: by an environment variable, or by an AppContext switch.</summary>
/// <param name="Variable">Name of the variable; 1 or true turn the switch on.</param>
/// <param name="Name">Name of the AppContext switch.</param>
internal readonly record struct ProcessSwitch(string Variable, string Name)
{
    public bool IsOn => Says(Environment.GetEnvironmentVariable(Variable), AppContext.TryGetSwitch(Name, out bool on) ? on : null);

    /// <summary>How to turn it on, for a message.</summary>
    public string HowTo => $"set {Variable}=1 or the AppContext switch '{Name}'";

    internal static bool Says(string? variable, bool? appContext) =>
        variable?.Trim().ToLowerInvariant() is "1" or "true" || appContext == true;
}
