using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Puts characters together again after they were taken apart (UAX #15, canonical composition algorithm).</summary>
internal static class Composition
{
    /// <summary>Composes in place.</summary>
    public static void Compose(List<Part> parts)
    {
        int count = 0;
        int starter = -1;
        for (int i = 0; i < parts.Count; i++)
        {
            Part part = parts[i];
            // A mark is blocked by one of the same or a higher class between it and the starter, and so is a starter by any mark.
            bool blocked = starter < 0 || (count > starter + 1 && parts[count - 1].CombiningClass >= part.CombiningClass);
            if (!blocked && Decompositions.Compose(parts[starter].CodePoint, part.CodePoint) is { } composed)
            {
                parts[starter] = new Part(composed, 0, parts[starter].Change + part.Change - 1);
                continue;
            }
            if (part.CombiningClass == 0)
            {
                starter = count;
            }
            parts[count++] = part;
        }
        parts.RemoveRange(count, parts.Count - count);
    }
}
