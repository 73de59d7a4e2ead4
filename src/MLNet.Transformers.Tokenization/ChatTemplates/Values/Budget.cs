namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>What a template may use up: published ones stay far below, one that runs away ends with an error.</summary>
internal sealed class Budget
{
    /// <summary>Most characters of one text.</summary>
    public const int MaxCharacters = 1 << 24;

    /// <summary>Most items of one list.</summary>
    public const int MaxItems = 1 << 20;

    /// <summary>Most macro calls within each other.</summary>
    public const int MaxMacroDepth = 200;

    // A step costs about as much time as some tens of characters.
    private const int StepCost = 32;
    private const int ItemCost = 8;
    private const long MaxWork = 1L << 29;

    private long _work;
    private int _depth;

    public void Step() => Charge(StepCost);

    /// <summary>Counts a text before or after it is made.</summary>
    public void Text(long characters)
    {
        if (characters > MaxCharacters)
        {
            throw new TemplateError($"a text of {characters:N0} characters was to be made; the most is {MaxCharacters:N0}");
        }
        Charge(characters);
    }

    public string Text(string text)
    {
        Text(text.Length);
        return text;
    }

    /// <summary>Counts a list before or after it is made.</summary>
    public void Items(long items)
    {
        if (items > MaxItems)
        {
            throw new TemplateError($"a list of {items:N0} items was to be made; the most is {MaxItems:N0}");
        }
        Charge(items * ItemCost);
    }

    public void EnterMacro(string name)
    {
        if (++_depth > MaxMacroDepth)
        {
            throw new TemplateError($"the macro '{name}' is the call number {_depth} within other macro calls; the most is {MaxMacroDepth}");
        }
    }

    public void LeaveMacro() => _depth--;

    private void Charge(long work)
    {
        _work += work;
        if (_work > MaxWork)
        {
            throw new TemplateError("the template does not come to an end: it has used up the work that one rendering may cost");
        }
    }
}
