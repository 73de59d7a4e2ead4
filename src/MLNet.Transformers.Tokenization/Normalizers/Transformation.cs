using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Puts changed characters in the places of those of the text (tokenizers: normalized_string.rs, transform_range).</summary>
internal static class Transformation
{
    /// <param name="builder">What is appended to.</param>
    /// <param name="characters">The text that is changed.</param>
    /// <param name="at">Its unit where the changes begin.</param>
    /// <param name="parts">The changed characters.</param>
    public static void Append(AlignedTextBuilder builder, ReadOnlySpan<char> characters, int at, List<Part> parts)
    {
        (int start, int length) before = at == 0 ? (0, 0) : (at - 1, 1);
        foreach (Part part in parts)
        {
            for (int taken = part.Change; taken <= 0 && at < characters.Length; taken++)
            {
                Characters.At(characters, at, out int length);
                // Only the first of the characters taken gives the place.
                if (taken == part.Change)
                {
                    builder.Append(new Rune(part.CodePoint), at, length);
                }
                before = (at, length);
                at += length;
            }
            if (part.Change > 0)
            {
                builder.Append(new Rune(part.CodePoint), before.start, before.length);
            }
        }
    }
}

/// <summary>A character on its way through normalization.</summary>
/// <param name="CodePoint">The character.</param>
/// <param name="CombiningClass">Its canonical combining class.</param>
/// <param name="Change">1: it is added to those of the text; 0: it stands for the next; -n: it stands for the next, and n after it are gone.</param>
internal readonly record struct Part(int CodePoint, int CombiningClass, int Change);
