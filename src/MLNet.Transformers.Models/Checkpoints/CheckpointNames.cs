using System.Text.RegularExpressions;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>What an architecture's checkpoints call their tensors, where that is not what the network calls its parameters.</summary>
/// <param name="Renames">Ordered (pattern, replacement) for legacy spellings.</param>
/// <param name="Ignored">Patterns of tensors that no class reads: buffers that are recomputed, and parts of old releases that have no use.</param>
internal sealed record CheckpointNames(IReadOnlyList<(string Pattern, string Replacement)> Renames, IReadOnlyList<string> Ignored)
{
    public string Modernize(string name)
    {
        foreach ((string pattern, string replacement) in Renames)
        {
            name = Regex.Replace(name, pattern, replacement);
        }
        return name;
    }

    public bool IsIgnored(string name) => Ignored.Any(pattern => Regex.IsMatch(name, pattern));
}
