using System.Text.RegularExpressions;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>What an architecture's checkpoints call their tensors, where that is not what the network calls its parameters.</summary>
/// <param name="Renames">Ordered (pattern, replacement) for legacy spellings.</param>
/// <param name="Buffers">Patterns of tensors that are no parameters and are recomputed.</param>
internal sealed record CheckpointNames(IReadOnlyList<(string Pattern, string Replacement)> Renames, IReadOnlyList<string> Buffers)
{
    public string Modernize(string name)
    {
        foreach ((string pattern, string replacement) in Renames)
        {
            name = Regex.Replace(name, pattern, replacement);
        }
        return name;
    }

    public bool IsBuffer(string name) => Buffers.Any(pattern => Regex.IsMatch(name, pattern));
}
