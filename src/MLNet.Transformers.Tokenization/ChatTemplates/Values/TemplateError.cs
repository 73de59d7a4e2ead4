namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Something in a template that cannot be done; becomes a <see cref="ChatTemplateException"/> where the template's name is known.</summary>
internal sealed class TemplateError(string message, int line = 0) : Exception(message)
{
    /// <summary>Line of the template from 1; 0 while it is not known.</summary>
    public int Line { get; private set; } = line;

    /// <summary>Gives the error its line where it has none yet. For exception filters: never true, so that the error goes on.</summary>
    public bool Locate(int line)
    {
        Line = Line == 0 ? line : Line;
        return false;
    }
}
