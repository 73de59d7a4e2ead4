namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Changes a text before it is cut into words.</summary>
internal interface INormalizer
{
    AlignedText Normalize(AlignedText text);
}

/// <summary>One after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> parts) : INormalizer
{
    public IReadOnlyList<INormalizer> Parts => parts;

    public AlignedText Normalize(AlignedText text) => parts.Aggregate(text, (current, part) => part.Normalize(current));
}
